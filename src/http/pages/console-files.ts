/** The built console on the disk: which files there are, read when first asked for and kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { entityTagOf } from '../request/entity-tag.ts'

export interface ConsoleContent {
  readonly body: Buffer
  /** Its entity tag, another for each encoding. */
  readonly tag: string
  readonly encoding: string | undefined
}

export interface ConsoleFile {
  readonly type: string
  /** Whether the name changes with the content. */
  readonly isHashed: boolean
  /** The content in the best of the encodings that a client accepts; `encoding` is undefined for plain. */
  read(acceptEncoding: string): ConsoleContent
}

export interface ConsoleFiles {
  /** The page that every path of the console is answered with. */
  readonly page: ConsoleFile
  /** What is said where there is no such document. */
  readonly noDocument: ConsoleFile | undefined
  /** By path as in a URL, such as `/assets/index-1a2b.js`; documents are `/docs/NAME`, and `/docs/` is the first. */
  find(path: string): ConsoleFile | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
}

/** Files were compressed when the console was built; the best first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const

/** Undefined where no console was built into that folder. */
export function readConsoleFiles(folder: string): ConsoleFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const files = new Map<string, ConsoleFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, file).split(sep).join('/')}`
    files.set(addressOf(path), createFile(file, type, path.startsWith('/assets/')))
  }
  return {
    page: files.get('/index.html') as ConsoleFile,
    noDocument: files.get('/docs/404'),
    find: (path) => files.get(path === '/docs' ? '/docs/' : path),
  }
}

function addressOf(path: string): string {
  return path.startsWith('/docs/') ? path.replace(/(index)?\.html$/, '') : path
}

function createFile(file: string, type: string, isHashed: boolean): ConsoleFile {
  const contents = new Map<string, ConsoleContent | undefined>()
  function content(suffix: string, encoding?: string): ConsoleContent | undefined {
    if (!contents.has(suffix)) {
      const body = existsSync(file + suffix) ? readFileSync(file + suffix) : undefined
      contents.set(suffix, body && { body, tag: entityTagOf(body), encoding })
    }
    return contents.get(suffix)
  }
  return {
    type,
    isHashed,
    read(acceptEncoding) {
      for (const { name, suffix } of ENCODINGS) {
        const found = accepts(acceptEncoding, name) ? content(suffix, name) : undefined
        if (found) return found
      }
      return content('') as ConsoleContent
    },
  }
}

/** Whether `Accept-Encoding` names an encoding and does not refuse it with `q=0` (RFC 9110, 12.5.3). */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    return name === encoding && !parameters.some((each) => /^q=0(\.0*)?$/.test(each))
  })
}
