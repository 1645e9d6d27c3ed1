/** Answers the requests of a browser that opens the console or the documentation. */
import type { IncomingMessage, RequestListener } from 'node:http'
import { isNotModified } from '../request/entity-tag.ts'
import { pathOf } from '../request/path.ts'
import { leaveOutConstant } from '../server/constant-headers.ts'
import type { ConsoleFile, ConsoleFiles } from './console-files.ts'
import { CONSOLE_HEADERS } from './console-headers.ts'

/** Hashed files never change; browsers revalidate the page each time, so that it names the newest files. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const REPLACED: ReadonlySet<string> = new Set(['cache-control', 'content-security-policy'])

export interface Pages {
  /** Whether a request is for one of the console's files, or for a page of a browser. */
  takes(request: IncomingMessage): boolean
  /** Answers a request that it takes. */
  readonly handle: RequestListener
}

/**
 * Serves the console and the documentation below `base`, such as `/` or `/console/`. In the table of paths they come
 * after the API, whose paths they do not know.
 */
export function createPages(files: ConsoleFiles, base: string): Pages {
  return {
    takes: (request) => fileFor(request, files, base) !== undefined,
    handle(request, response) {
      const file = fileFor(request, files, base) ?? files.page
      leaveOutConstant(response, REPLACED)
      const { body, encoding, tag } = file.read(
        String(request.headers['accept-encoding'] ?? ''),
        request.url ?? '',
      )
      const isKept = file !== files.noDocument && isNotModified(request.headers['if-none-match'], tag)
      response.writeHead(isKept ? 304 : file === files.noDocument ? 404 : 200, {
        ...CONSOLE_HEADERS,
        'content-type': file.type,
        ...(isKept ? {} : { 'content-length': body.length }),
        etag: tag,
        'cache-control': file.isHashed ? FOR_EVER : 'no-cache',
        // At the paths of pages the API answers clients that do not accept HTML.
        vary: file === files.page ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
        ...(encoding ? { 'content-encoding': encoding } : {}),
      })
      response.end(request.method === 'HEAD' || isKept ? undefined : body)
    },
  }
}

/** A built file by its path, or the page of the console if the client accepts HTML. */
function fileFor(
  { method, url = '', headers }: IncomingMessage,
  files: ConsoleFiles,
  base: string,
): ConsoleFile | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const path = belowBase(pathOf({ url }), base)
  if (path === undefined) return undefined
  const found = files.find(path)
  if (found) return found
  if (path.startsWith('/assets/') || !headers.accept?.includes('text/html')) return undefined
  return path.startsWith('/docs/') ? files.noDocument : files.page
}

/** The path below the base: `/people` for `/console/people`, `/` for `/console`; undefined for any other path. */
function belowBase(path: string, base: string): string | undefined {
  const start = base.length - 1
  if (!path.startsWith(base.slice(0, start))) return undefined
  if (path.length === start) return '/'
  return path[start] === '/' ? path.slice(start) : undefined
}
