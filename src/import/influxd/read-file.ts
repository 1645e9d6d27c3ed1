import { type FileHandle, open } from 'node:fs/promises'
import { LARGEST_FILE } from './largest-file.ts'
import { MetadataError } from './metadata-row.ts'

const PORTION = 16 * 1024 * 1024

/**
 * The bytes of the bolt file of a stopped InfluxDB. Throws `MetadataError` for a file that changes while it is read, or
 * is too large, and the system's error for one that cannot be opened.
 */
export async function readBoltFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const before = await file.stat()
    if (!before.isFile()) throw new MetadataError(`${path} is no file`)
    if (before.size > LARGEST_FILE) {
      throw new MetadataError(`${path} has more than ${LARGEST_FILE / 2 ** 30} GiB`)
    }
    const bytes = await readWhole(file, before.size)
    const after = await file.stat()
    if (bytes === undefined || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new MetadataError(
        `${path} changed while it was read; stop InfluxDB first, or read it with --from`,
      )
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** Undefined if the file ends earlier. */
async function readWhole(file: FileHandle, size: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(PORTION, size - at), at)
    if (bytesRead === 0) return undefined
    at += bytesRead
  }
  return bytes
}
