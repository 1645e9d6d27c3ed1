/** Prometheus metrics of this process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { SignInOutcome } from '../domain/sessions/sign-in.ts'

export interface Metrics {
  readonly contentType: string
  read(): Promise<string>
  countRequest(method: string, route: string, status: number, seconds: number): void
  countSignIn(outcome: SignInOutcome): void
}

export function createMetrics(gauges: { liveSessions: () => number; passwordHashes: () => number }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'sluice_http_requests_total',
    help: 'Requests by method, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'sluice_http_request_duration_seconds',
    help: 'How long requests took, by route',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10],
    registers,
  })
  const signIns = new Counter({
    name: 'sluice_signins_total',
    help: 'Sign-ins by outcome',
    labelNames: ['outcome'] as const,
    registers,
  })
  new Gauge({
    name: 'sluice_sessions',
    help: 'Sessions that are kept',
    registers,
    collect() {
      this.set(gauges.liveSessions())
    },
  })
  new Gauge({
    name: 'sluice_password_hashes_pending',
    help: 'Password hashes that are being computed or wait for it',
    registers,
    collect() {
      this.set(gauges.passwordHashes())
    },
  })

  // Finding a labelled series costs more than counting in it, so each is looked up once.
  const series = new Map<string, { count: () => void; observe: (seconds: number) => void }>()
  function seriesOf(method: string, route: string, status: number) {
    const key = `${status}${method}${route}`
    let found = series.get(key)
    if (!found) {
      const request = requests.labels({ method, route, status })
      const duration = durations.labels({ route })
      found = { count: () => request.inc(), observe: (seconds) => duration.observe(seconds) }
      series.set(key, found)
    }
    return found
  }

  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    countRequest(method, route, status, seconds) {
      const { count, observe } = seriesOf(method, route, status)
      count()
      observe(seconds)
    },
    countSignIn: (outcome) => signIns.labels({ outcome }).inc(),
  }
}
