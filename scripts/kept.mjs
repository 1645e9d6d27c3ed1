/** A cache for builds of the sources, each in a folder named after a digest of its sources. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))
export const kept = join(root, 'node_modules/.cache/sluice')

/** A digest of names, sizes and times of the files, which is quicker than reading them; `more` is added to it. */
export function digestOf(paths, more = '') {
  const digest = createHash('sha256').update(more)
  for (const path of paths) {
    const { mtimeMs, size } = statSync(join(root, path))
    digest.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return digest.digest('hex').slice(0, 16)
}

/** The folder of that name; `write` fills it if it does not exist. */
export async function keptFolder(name, write) {
  const folder = join(kept, name)
  if (existsSync(folder)) return folder
  mkdirSync(kept, { recursive: true })
  // Two concurrent starts each write a folder, and one of the two is kept.
  const unfinished = `${folder}.${process.pid}`
  await write(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  return folder
}
