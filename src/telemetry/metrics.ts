/** Prometheus metrics of this process. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { MaybePromise } from '../domain/base/maybe-promise.ts'
import type { CountLogin } from '../domain/command-line/count-login.ts'
import type { ExternalTokenOutcome } from '../domain/external-tokens/external-tokens.ts'
import type { LinkOutcome } from '../domain/self-service/one-time-links.ts'
import type { MailOutcome } from '../domain/self-service/outbox.ts'
import type { CountSignIn } from '../domain/sign-in/sign-in-report.ts'

export interface Metrics {
  readonly contentType: string
  read(): Promise<string>
  /** Counts the requests of one method and route; the answer is called with the status of each. */
  requestCounter(method: string, route: string): (status: number) => void
  readonly countSignIn: CountSignIn
  /** `accepted` counts each token once, the others each time. */
  countExternalToken(issuer: string, outcome: ExternalTokenOutcome): void
  countForgedSession(): void
  countLink(purpose: string, outcome: LinkOutcome): void
  readonly countLogin: CountLogin
  countMail(purpose: string, outcome: MailOutcome): void
  /** Where further parts of the server register theirs. */
  readonly registry: Registry
}

/** The state of upstream. */
export interface UpstreamFigures {
  readonly isUp: boolean
  /** How many records differ, by kind of difference, with zeros. */
  readonly differences: Readonly<Record<string, number>>
}

export function createMetrics(gauges: {
  liveSessions: () => MaybePromise<number>
  passwordHashes: () => number
  /** Undefined if there is no upstream. */
  upstream?: (() => UpstreamFigures) | undefined
}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const counted: { method: string; route: string; byStatus: Map<number, number> }[] = []
  new Counter({
    name: 'sluice_http_requests_total',
    help: 'Requests by method, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
    // Requests only add to a number; the series are built when the metrics are read.
    collect() {
      this.reset()
      for (const { method, route, byStatus } of counted) {
        for (const [status, count] of byStatus) this.inc({ method, route, status }, count)
      }
    },
  })
  const signIns = new Counter({
    name: 'sluice_signins_total',
    help: 'Sign-ins by method and outcome',
    labelNames: ['method', 'outcome'] as const,
    registers,
  })
  const links = new Counter({
    name: 'sluice_links_total',
    help: 'One-time links by purpose and outcome',
    labelNames: ['purpose', 'outcome'] as const,
    registers,
  })
  const logins = new Counter({
    name: 'sluice_command_line_logins_total',
    help: 'Sign-ins of command lines by way and outcome',
    labelNames: ['way', 'outcome'] as const,
    registers,
  })
  const mails = new Counter({
    name: 'sluice_mails_total',
    help: 'Mails by purpose and outcome',
    labelNames: ['purpose', 'outcome'] as const,
    registers,
  })
  const externalTokens = new Counter({
    name: 'sluice_external_tokens_total',
    help: 'Signed tokens of outside issuers by issuer and outcome; accepted ones are counted at their first use',
    labelNames: ['issuer', 'outcome'] as const,
    registers,
  })
  const forged = new Counter({
    name: 'sluice_forged_sessions_total',
    help: 'Sessions in Redis that have no valid MAC, and count as absent',
    registers,
  })
  new Gauge({
    name: 'sluice_sessions',
    help: 'Sessions that are kept',
    registers,
    async collect() {
      this.set(await gauges.liveSessions())
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

  if (gauges.upstream) addUpstream(registry, gauges.upstream)

  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    requestCounter(method, route) {
      const byStatus = new Map<number, number>()
      counted.push({ method, route, byStatus })
      return (status) => byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
    },
    countSignIn: (outcome, method) => signIns.labels({ method, outcome }).inc(),
    countExternalToken: (issuer, outcome) => externalTokens.labels({ issuer, outcome }).inc(),
    countForgedSession: () => forged.inc(),
    countLink: (purpose, outcome) => links.labels({ purpose, outcome }).inc(),
    countLogin: (way, outcome) => logins.labels({ way, outcome }).inc(),
    countMail: (purpose, outcome) => mails.labels({ purpose, outcome }).inc(),
    registry,
  }
}

function addUpstream(registry: Registry, figures: () => UpstreamFigures): void {
  const registers = [registry]
  new Gauge({
    name: 'sluice_upstream_up',
    help: 'Whether the InfluxDB behind this server answers and can be worked with',
    registers,
    collect() {
      this.set(figures().isUp ? 1 : 0)
    },
  })
  new Gauge({
    name: 'sluice_upstream_differences',
    help: 'Records that differ between this server and the InfluxDB behind it, when last compared',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      for (const [kind, count] of Object.entries(figures().differences)) this.set({ kind }, count)
    },
  })
}
