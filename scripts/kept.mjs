/** What is built from the sources and kept between starts, each in a folder named after a digest of its sources. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))
export const kept = join(root, 'node_modules/.cache/sluice')

/** What changes when a file does, without reading them all; `more` is what else it is made of. */
export function digestOf(paths, more = '') {
  const digest = createHash('sha256').update(more)
  for (const path of paths) {
    const { mtimeMs, size } = statSync(join(root, path))
    digest.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return digest.digest('hex').slice(0, 16)
}

/** The folder of that name, which `write` fills where it is not there. */
export async function keptFolder(name, write) {
  const folder = join(kept, name)
  if (existsSync(folder)) return folder
  mkdirSync(kept, { recursive: true })
  // Two that start at once each write one, and one of the two is kept.
  const unfinished = `${folder}.${process.pid}`
  await write(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  return folder
}
