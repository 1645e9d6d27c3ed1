/**
 * A cache of builds in node_modules. Each build is a folder whose name ends in a digest of its sources, so that changed
 * sources never find an old build.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))
export const cacheFolder = join(root, 'node_modules/.cache/sluice')

/**
 * A digest of the names, sizes and modification times of files, because reading their contents would take longer. `more`
 * is hashed, too.
 */
export function digestOf(paths: readonly string[], more = ''): string {
  const digest = createHash('sha256').update(more)
  for (const path of paths) {
    const { mtimeMs, size } = statSync(join(root, path))
    digest.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return digest.digest('hex').slice(0, 16)
}

/** Returns the path of the cached build `name`. If it does not exist, `write` writes it to the folder it is given. */
export async function cachedBuild(
  name: string,
  write: (folder: string) => void | Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder, name)
  if (existsSync(folder)) return folder
  mkdirSync(cacheFolder, { recursive: true })
  // Each process writes its own folder, so that no start finds a half-written build. The first to rename it wins.
  const unfinished = `${folder}.${process.pid}`
  await write(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  return folder
}
