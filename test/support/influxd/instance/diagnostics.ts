/** What answers without credentials: health, metrics, profiles. */
import { type Answer, type Exchange, json } from '../core/exchange.ts'
import { openRoute, type Route } from '../core/router.ts'

const STARTED = new Date()
const METRICS = '# HELP http_api_requests_total Number of http requests received\nhttp_api_requests_total 1\n'
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=values'

export const DIAGNOSTIC_ROUTES: readonly Route[] = [
  openRoute('GET', '/health', health),
  openRoute('GET', '/ready', () => json(200, { status: 'ready', started: STARTED, up: '1s' })),
  openRoute('GET', '/ping', ping),
  openRoute('HEAD', '/ping', ping),
  openRoute('GET', '/metrics', metrics),
  openRoute('GET', '/metrics/*', metrics),
  openRoute('GET', '/debug/pprof/*', () => ({
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'influxd\0--bolt-path\0influxd.bolt',
  })),
]

function ping(): Answer {
  return { status: 204, headers: { vary: 'Accept-Encoding' } }
}

function metrics(): Answer {
  return { status: 200, headers: { 'content-type': METRICS_TYPE }, body: METRICS }
}

function health({ options }: Pick<Exchange, 'options'>): Answer {
  return json(200, {
    name: 'influxdb',
    status: 'pass',
    message: 'healthy',
    checks: [],
    version: options.version,
    commit: '85b84f4413',
  })
}

/** Until the server has started, /health passes, and all other paths answer this. */
export const STARTING: Answer = json(503, { status: 'starting' })
