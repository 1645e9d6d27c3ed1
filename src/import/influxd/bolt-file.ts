/**
 * Reads bolt files, the format of `influxd.bolt` (go.etcd.io/bbolt, version 2 of the format). Read only, on a copy in
 * memory, and distrustful: a damaged file is a `BoltError`, never a hang and never a part of its content.
 */

/** The file is damaged or no bolt file; the message says where, in terms of pages. */
export class BoltError extends Error {
  override name = 'BoltError'
}

export interface BoltEntry {
  readonly key: Buffer
  readonly value: Buffer
}

export interface BoltBucket {
  /** Keys and values in the order of the keys' bytes, without nested buckets. */
  entries(): Generator<BoltEntry>
  /** The bucket called `name` within this bucket; undefined if it has none of that name. */
  bucket(name: string): BoltBucket | undefined
  /** The names of the buckets within this one. */
  bucketNames(): string[]
}

const MAGIC = 0xed0cdaed
const VERSION = 2
/** Where the second meta page may begin if the first one, which says the page size, is damaged. */
const PAGE_SIZES = [4096, 8192, 16_384, 32_768, 65_536]
const PAGE_HEADER = 16
const META_BYTES = 64
const BRANCH = 0x01
const LEAF = 0x02
const ELEMENT = 16
const BUCKET_FLAG = 0x01
const BUCKET_HEADER = 16
/** A tree of 2^64 keys with two per page is this deep. */
const DEEPEST = 64

interface Meta {
  readonly pageSize: number
  readonly root: bigint
  /** Pages from this one on are not used. */
  readonly highWater: bigint
  readonly txid: bigint
}

/** A page, or the page within the value of an inline bucket. */
interface Page {
  readonly bytes: Buffer
  readonly flags: number
  readonly count: number
  /** For messages. */
  readonly name: string
}

/** An element of a leaf. */
interface LeafElement extends BoltEntry {
  readonly isBucket: boolean
}

/** The root bucket of a file. Throws `BoltError`. */
export function openBoltFile(file: Buffer): BoltBucket {
  const meta = newestMeta(file)

  function page(id: bigint): Page {
    if (id < 2n || id >= meta.highWater) throw new BoltError(`page ${id} is outside of the file's pages`)
    const start = Number(id) * meta.pageSize
    if (start + PAGE_HEADER > file.length) throw new BoltError(`the file ends before page ${id}`)
    if (file.readBigUInt64LE(start) !== id) throw new BoltError(`page ${id} has another number in it`)
    const end = start + (file.readUInt32LE(start + 12) + 1) * meta.pageSize
    if (end > file.length) throw new BoltError(`the file ends within page ${id}`)
    return readPage(file.subarray(start, end), `page ${id}`)
  }

  /** All elements of a tree. `seen` has every page of it, since no page belongs to a tree twice. */
  function* elements(top: Page, seen: Set<bigint>, depth: number): Generator<LeafElement> {
    if (depth > DEEPEST) throw new BoltError(`${top.name} lies deeper than any tree can be`)
    if (top.flags === LEAF) {
      yield* leafElements(top)
      return
    }
    if (top.flags !== BRANCH) throw new BoltError(`${top.name} is neither a branch nor a leaf`)
    for (const child of children(top)) {
      if (seen.has(child)) throw new BoltError(`page ${child} stands twice in one tree`)
      seen.add(child)
      yield* elements(page(child), seen, depth + 1)
    }
  }

  function bucketOf(value: Buffer, name: string): BoltBucket {
    if (value.length < BUCKET_HEADER) throw new BoltError(`the bucket ${name} is too short`)
    const root = value.readBigUInt64LE(0)
    // A small bucket has its only page in its value.
    const top = root === 0n ? readPage(value.subarray(BUCKET_HEADER), `bucket ${name}`) : page(root)
    if (root === 0n && top.flags !== LEAF) throw new BoltError(`the bucket ${name} is not a leaf`)
    return bucketAt(top, root)
  }

  function bucketAt(top: Page, root: bigint): BoltBucket {
    function* ordered(): Generator<LeafElement> {
      let last: Buffer | undefined
      for (const element of elements(top, new Set([root]), 0)) {
        if (last && Buffer.compare(last, element.key) >= 0) {
          throw new BoltError(`the keys of ${top.name} are out of order`)
        }
        last = element.key
        yield element
      }
    }
    return {
      *entries() {
        for (const { key, value, isBucket } of ordered()) if (!isBucket) yield { key, value }
      },
      bucket(name) {
        for (const { key, value, isBucket } of ordered()) {
          if (isBucket && key.toString() === name) return bucketOf(value, name)
        }
        return undefined
      },
      bucketNames: () => [...ordered()].filter(({ isBucket }) => isBucket).map(({ key }) => key.toString()),
    }
  }

  return bucketAt(page(meta.root), meta.root)
}

/** The meta page of the last transaction that was written whole. */
function newestMeta(file: Buffer): Meta {
  const first = readMeta(file, 0)
  const places = first ? [first.pageSize] : PAGE_SIZES
  const found = [first, ...places.map((place) => readMeta(file, place))].filter((meta) => meta !== undefined)
  const [newest] = found.sort((a, b) => (a.txid < b.txid ? 1 : -1))
  if (!newest) throw new BoltError('this is no bolt file, or both of its first pages are damaged')
  return newest
}

function readMeta(file: Buffer, start: number): Meta | undefined {
  const at = start + PAGE_HEADER
  if (at + META_BYTES > file.length) return undefined
  if (file.readUInt32LE(at) !== MAGIC || file.readUInt32LE(at + 4) !== VERSION) return undefined
  if (file.readBigUInt64LE(at + 56) !== checksum(file.subarray(at, at + 56))) return undefined
  const pageSize = file.readUInt32LE(at + 8)
  if (!PAGE_SIZES.includes(pageSize)) return undefined
  return {
    pageSize,
    root: file.readBigUInt64LE(at + 16),
    highWater: file.readBigUInt64LE(at + 40),
    txid: file.readBigUInt64LE(at + 48),
  }
}

/** FNV-1a of 64 bits. */
function checksum(bytes: Buffer): bigint {
  let sum = 0xcbf29ce484222325n
  for (const byte of bytes) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n)
  return sum
}

function readPage(bytes: Buffer, name: string): Page {
  if (bytes.length < PAGE_HEADER) throw new BoltError(`${name} is too short`)
  const [flags, count] = [bytes.readUInt16LE(8), bytes.readUInt16LE(10)]
  if (PAGE_HEADER + count * ELEMENT > bytes.length)
    throw new BoltError(`${name} has room for no ${count} keys`)
  return { bytes, flags, count, name }
}

function* leafElements({ bytes, count, name }: Page): Generator<LeafElement> {
  for (let index = 0; index < count; index++) {
    const at = PAGE_HEADER + index * ELEMENT
    const start = at + bytes.readUInt32LE(at + 4)
    const keyEnd = start + bytes.readUInt32LE(at + 8)
    const end = keyEnd + bytes.readUInt32LE(at + 12)
    if (end > bytes.length) throw new BoltError(`key ${index} of ${name} reaches out of it`)
    const isBucket = (bytes.readUInt32LE(at) & BUCKET_FLAG) !== 0
    yield { key: bytes.subarray(start, keyEnd), value: bytes.subarray(keyEnd, end), isBucket }
  }
}

function* children({ bytes, count, name }: Page): Generator<bigint> {
  if (count === 0) throw new BoltError(`${name} is a branch without pages`)
  for (let index = 0; index < count; index++) yield bytes.readBigUInt64LE(PAGE_HEADER + index * ELEMENT + 8)
}
