/** What browsers get: the console and, if settings say so, upstream's UI at `/` with the console below it. */
import { basePathOf } from '../config/base-path.ts'
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../domain/base/clock.ts'
import { createPages } from '../http/pages/console.ts'
import { readConsoleFiles } from '../http/pages/console-files.ts'
import { createLeadToConsole, type LeadToConsole } from '../http/protection/lead-to-console.ts'
import { createIsFromUI, type IsFromUI } from '../http/protection/ui-requests.ts'
import type { IsSecure } from '../http/request/secure-request.ts'
import type { ClientLimits, DispatchEntry } from '../http/server/dispatch.ts'
import { createUpstreamUI } from '../http/upstream-ui/ui.ts'
import { createFailureReporter } from '../telemetry/failure-reporter.ts'
import type { ServerLog } from '../telemetry/logger.ts'

const BESIDE_UI = '/console/'
/**
 * Files of the UI have connections of their own: anybody can ask for them, and a client that reads slowly holds one, so
 * they must not take those of forwarded requests.
 */
const CONNECTIONS = 16
const MOST_AT_ONCE = 256

/** What the rest of the HTTP side knows of upstream's UI. */
export interface UIRequests {
  readonly lead: LeadToConsole
  /** Undefined if polls renew the session. */
  readonly isPoller: IsFromUI | undefined
}

/** Undefined if upstream's UI is not served. */
export function uiRequestsOf(
  settings: Settings,
  parts: { isSecure: IsSecure; publicOrigin: string | undefined; now: Clock },
): UIRequests | undefined {
  if (!servesUpstreamUI(settings)) return undefined
  const { isSecure, publicOrigin, now } = parts
  const isFromUI = createIsFromUI({ consolePath: BESIDE_UI, publicOrigin })
  return {
    lead: createLeadToConsole({ consolePath: BESIDE_UI, isFromUI, isSecure, now }),
    isPoller: settings.sessionUiPoll === 'background' ? isFromUI : undefined,
  }
}

/** Where browsers find the console, such as `/`, `/console/`, or `/sluice/` below a base path. */
export function consolePathOf(settings: Settings): string {
  return servesUpstreamUI(settings) ? BESIDE_UI : `${basePathOf(settings)}/`
}

function servesUpstreamUI({ ui, uiDisabled }: Settings): boolean {
  return ui === 'influxdb' && !uiDisabled
}

export interface ComposedPages {
  readonly entries: readonly DispatchEntry[]
  /** Undefined if there is no console. */
  readonly consolePath: string | undefined
  close(): Promise<void>
}

export async function composePages(parts: {
  settings: Settings
  /** Where the built console is; without one there is none. */
  consoleFolder: string | undefined
  ui: UIRequests | undefined
  limits: ClientLimits
  log: ServerLog
}): Promise<ComposedPages> {
  const { settings, ui, limits } = parts
  const upstream = settings.upstream.find(({ kind }) => kind === 'influxdb2')
  const base = ui ? BESIDE_UI : '/'
  const entries = consoleEntries(parts, base)
  const consolePath = entries.length > 0 ? consolePathOf(settings) : undefined
  if (!ui || !upstream) return { entries, consolePath, close: async () => {} }
  // Imported on demand: most servers have no other UI.
  const { openTransport } = await import('./upstream-transport.ts')
  const transport = openTransport(upstream, CONNECTIONS)
  const report = createFailureReporter({
    onError: (message) => parts.log.error(message),
    now: () => performance.now(),
  })
  const { takes, handle } = createUpstreamUI({
    ...{ transport, lead: ui.lead, consolePath: BESIDE_UI, mostAtOnce: MOST_AT_ONCE },
    timeoutMs: upstream.timeout,
    onFailure: (error) => report('a file of the UI could not be fetched', causeOf(error)),
  })
  return {
    entries: [...entries, { path: '/', takes, handler: { handle, limits } }],
    consolePath,
    close: () => transport.close(),
  }
}

function consoleEntries(
  { settings, consoleFolder, limits }: Parameters<typeof composePages>[0],
  base: string,
): DispatchEntry[] {
  if (consoleFolder === undefined || settings.uiDisabled) return []
  const files = readConsoleFiles(consoleFolder, consolePathOf(settings))
  if (!files) return []
  const { takes, handle } = createPages(files, base)
  return [{ path: base === '/' ? base : base.slice(0, -1), takes, handler: { handle, limits } }]
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error
}
