/** The built console on disk. Each file is read at its first request and cached. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { entityTagOf } from '../request/entity-tag.ts'
import { createSearchPage, type SearchPage } from './search-page.ts'

export interface ConsoleContent {
  readonly body: Buffer
  /** The entity tag; each encoding has its own. */
  readonly tag: string
  readonly encoding: string | undefined
}

export interface ConsoleFile {
  readonly type: string
  /** Whether the name changes with the content. */
  readonly isHashed: boolean
  /**
   * The content in the best of the encodings that a client accepts; `encoding` is undefined for plain. Only the search
   * of the documentation depends on the URL.
   */
  read(acceptEncoding: string, url: string): ConsoleContent
}

export interface ConsoleFiles {
  /** The page that answers every path of the console. */
  readonly page: ConsoleFile
  /** The page for a document that does not exist. */
  readonly noDocument: ConsoleFile | undefined
  /**
   * Finds a file by its path below the base, such as `/assets/index-1a2b.js`; documents are `/docs/NAME`, and
   * `/docs/` is the first one.
   */
  find(path: string): ConsoleFile | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
}

/**
 * Encodings, best first. Files were compressed when the console was built; `encode` is for files that are rewritten
 * here.
 */
const ENCODINGS = [
  {
    name: 'br',
    suffix: '.br',
    // The highest quality would take a hundred times as long to compress.
    encode: (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  },
  { name: 'gzip', suffix: '.gz', encode: (body: Buffer) => gzipSync(body) },
] as const

/**
 * Undefined if no console was built into that folder. `base` is the path below which it is served, such as `/` or
 * `/console/`: the addresses in its pages are written for it, and its scripts find their own.
 */
export function readConsoleFiles(folder: string, base: string): ConsoleFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const files = new Map<string, ConsoleFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, file).split(sep).join('/')}`
    files.set(addressOf(path), createFile(file, { type, isHashed: path.startsWith('/assets/'), base }))
  }
  const search = searchIn(folder, base)
  if (search) files.set('/docs/search', search)
  return {
    page: files.get('/index.html') as ConsoleFile,
    noDocument: files.get('/docs/404'),
    find: (path) => files.get(path === '/docs' ? '/docs/' : path),
  }
}

function searchIn(folder: string, base: string): ConsoleFile | undefined {
  const [template, index] = ['search.html', 'search-index'].map((name) => join(folder, 'docs', name))
  if (!template || !index || !existsSync(index)) return undefined
  // Read when somebody searches, since most servers are started without that.
  let page: SearchPage | undefined
  return {
    type: TYPES['.html'] as string,
    isHashed: false,
    read(_acceptEncoding, url) {
      page ??= createSearchPage(readFileSync(template, 'utf8'), JSON.parse(readFileSync(index, 'utf8')))
      const body = movedTo(base, page(url))
      return { body, tag: entityTagOf(body), encoding: undefined }
    },
  }
}

function addressOf(path: string): string {
  return path.startsWith('/docs/') ? path.replace(/(index)?\.html$/, '') : path
}

function createFile(
  file: string,
  { type, isHashed, base }: { type: string; isHashed: boolean; base: string },
): ConsoleFile {
  const contents = new Map<string, ConsoleContent | undefined>()
  const isMoved = base !== '/' && file.endsWith('.html')
  function read(suffix: string, encode: (body: Buffer) => Buffer): Buffer | undefined {
    if (isMoved) return encode(movedTo(base, readFileSync(file, 'utf8')))
    return existsSync(file + suffix) ? readFileSync(file + suffix) : undefined
  }
  function content(
    suffix: string,
    encode: (body: Buffer) => Buffer,
    encoding?: string,
  ): ConsoleContent | undefined {
    if (!contents.has(suffix)) {
      const body = read(suffix, encode)
      contents.set(suffix, body && { body, tag: entityTagOf(body), encoding })
    }
    return contents.get(suffix)
  }
  return {
    type,
    isHashed,
    read(acceptEncoding) {
      for (const { name, suffix, encode } of ENCODINGS) {
        const found = accepts(acceptEncoding, name) ? content(suffix, encode, name) : undefined
        if (found) return found
      }
      return content('', (body) => body) as ConsoleContent
    },
  }
}

/**
 * Moves a page to another base: every address in it that begins with `/` is one of the console's own, and is below
 * the base.
 */
function movedTo(base: string, page: string): Buffer {
  return Buffer.from(page.replaceAll(/(\s(?:href|src|action)=")\/(?!\/)/g, `$1${base}`))
}

/** Whether `Accept-Encoding` names an encoding and does not refuse it with `q=0` (RFC 9110, 12.5.3). */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    return name === encoding && !parameters.some((each) => /^q=0(\.0*)?$/.test(each))
  })
}
