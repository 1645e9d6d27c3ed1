import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Looks on the path and in /usr/sbin, where Debian has programs for root. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}
