/** Answers the requests of a browser that opens the console or the documentation; all others pass. */
import type { RequestListener } from 'node:http'
import { isNotModified } from '../constant-document.ts'
import { leaveOutConstant } from '../constant-headers.ts'
import type { Listener } from '../listener.ts'
import { pathOf } from '../not-found.ts'
import type { ConsoleFile, ConsoleFiles } from './console-files.ts'
import { CONSOLE_HEADERS } from './console-headers.ts'

/** Hashed files never change; the page is asked for anew each time, so that it names the newest files. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const REPLACED: ReadonlySet<string> = new Set(['cache-control', 'content-security-policy'])

/** Paths that are the API's, or InfluxDB's: there a browser is answered as everybody is. */
const NOT_THE_CONSOLE = /^\/(api|health|ready|ping|metrics|query|write|debug|private|legacy)(\/|$)/

/** A listener whose requests for the console's files and pages are answered before the API sees them. */
export function withConsole(listener: Listener, files: ConsoleFiles): Listener {
  return {
    ...listener,
    attach(handler: RequestListener) {
      listener.attach((request, response) => {
        const file = fileFor(request.method, request.url ?? '', request.headers.accept ?? '', files)
        if (!file) {
          handler(request, response)
          return
        }
        leaveOutConstant(response, REPLACED)
        const { body, encoding, tag } = file.read(String(request.headers['accept-encoding'] ?? ''))
        const isKept = file !== files.noDocument && isNotModified(request.headers['if-none-match'], tag)
        response.writeHead(isKept ? 304 : file === files.noDocument ? 404 : 200, {
          ...CONSOLE_HEADERS,
          'content-type': file.type,
          ...(isKept ? {} : { 'content-length': body.length }),
          etag: tag,
          'cache-control': file.isHashed ? FOR_EVER : 'no-cache',
          // At the paths of pages, whoever wants no HTML is answered by the API.
          vary: file === files.page ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
          ...(encoding ? { 'content-encoding': encoding } : {}),
        })
        response.end(request.method === 'HEAD' || isKept ? undefined : body)
      })
    },
  }
}

/** A built file by its path, or the page where a person goes to: who asks for HTML at a path that is no API. */
function fileFor(
  method: string | undefined,
  url: string,
  accept: string,
  files: ConsoleFiles,
): ConsoleFile | undefined {
  if (url.startsWith('/api/') || (method !== 'GET' && method !== 'HEAD')) return undefined
  const path = pathOf({ url })
  const found = files.find(path)
  if (found) return found
  const isPage = path.startsWith('/') && !NOT_THE_CONSOLE.test(path) && !path.startsWith('/assets/')
  if (!isPage || !accept.includes('text/html')) return undefined
  return path.startsWith('/docs/') ? files.noDocument : files.page
}
