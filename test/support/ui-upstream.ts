/** An upstream with a UI, answered as influxd does, that notes what is asked for it. Identities are the stand-in's. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startInfluxd } from './influxd/influxd.ts'
import { passOn } from './influxd/pass-on.ts'

export const UI_PAGE = '<!doctype html><title>InfluxDB</title><script src="/0a1b2c3d4e.js"></script>'
export const UI_SCRIPT = 'document.title = "InfluxDB runs"'

export interface UIUpstream {
  readonly url: string
  /** The arguments that make a server serve this UI. */
  readonly argv: readonly string[]
  /** The requests for files and pages so far. */
  readonly asked: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[]
  stop(): Promise<void>
}

/** `page` replaces the page of the UI, for tests that drive a browser. */
export async function startUIUpstream(page = UI_PAGE): Promise<UIUpstream> {
  const asked: UIUpstream['asked'] = []
  const influxd = await startInfluxd({ isSetUp: false })
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    if (/^\/(?:api\/|ready$|health$)/.test(url)) {
      let body = ''
      for await (const chunk of request) body += chunk
      await passOn(influxd, { method, target: url, authorization: headers.authorization, body }, response)
      return
    }
    asked.push({ method, url, headers })
    const isScript = url === '/0a1b2c3d4e.js'
    const tag = isScript ? '"script"' : '"page"'
    const common = { etag: tag, 'cache-control': 'public, max-age=3600', 'x-influxdb-build': 'OSS' }
    if (headers['if-none-match'] === tag) {
      response.writeHead(304, common).end()
      return
    }
    const type = isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8'
    response.writeHead(200, { ...common, 'content-type': type, 'set-cookie': 'session=upstream; Path=/' })
    response.end(method === 'HEAD' ? undefined : isScript ? UI_SCRIPT : page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    argv: ['--ui=influxdb', `--upstream-url=${url}`, `--upstream-token=${influxd.operatorToken}`],
    asked,
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await influxd.stop()
    },
  }
}
