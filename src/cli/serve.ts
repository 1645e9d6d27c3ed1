import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { composeSluice } from '../compose/server.ts'
import { INFLUX_VERSION, VERSION } from '../compose/version.ts'
import { isHttps } from '../config/rules.ts'
import type { Settings } from '../config/settings.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { securityHeaders } from '../http/protection/security-headers.ts'
import { createCertificateFiles } from '../http/server/certificate.ts'
import { createListener, type Listener } from '../http/server/listener.ts'
import { openStore } from '../store/open.ts'
import { type AuditFile, openAuditFile } from '../telemetry/audit-file.ts'
import { createLogger, type ServerLog } from '../telemetry/logger.ts'
import { startTracing } from '../telemetry/tracing.ts'
import { command, type Invocation } from './frame/command.ts'
import { load } from './load.ts'
import { createSteadyClock } from './steady-clock.ts'

export const serve = command({
  name: 'serve',
  about: 'Run the server; this is done if no command is given',
  details: 'SIGTERM stops it after the requests under way.',
  flags: [],
  settings: [
    'http-bind-address',
    'store',
    'sqlite-path',
    'tls-cert',
    'tls-key',
    'public-url',
    'trusted-proxies',
    'log-level',
    'config-path',
  ],
  everySetting: true,
  ownOutput: true,
  example: 'sluice serve --http-bind-address 127.0.0.1:8086',
  run,
})

/** Runs the server until a signal stops it. */
async function run(invocation: Pick<Invocation, 'input' | 'io'>): Promise<number> {
  const { io } = invocation
  const { settings } = load(invocation)
  const log = createLogger({
    level: settings.logLevel,
    format: settings.logFormat,
    stream: io.stdout as never,
    isTerminal: io.stdout.isTTY === true,
  })
  // Files that the server creates are readable for its own user only.
  process.umask(0o077)
  guardProcess(log)
  // Installed first, so that an early signal also goes through the cleanup below.
  const stopping = stopSignal()

  const listener = openListener(settings, log)
  const url = await listener.listen(settings.httpBindAddress)
  let store: IdentityStore | undefined
  let auditFile: AuditFile | undefined
  let hasPidFile = false
  try {
    const opened = await openStore(settings)
    store = opened.store
    // Written only now, so that a second server, which is refused above, does not overwrite the first one's file.
    if (settings.pidFile) writeFileSync(settings.pidFile, `${process.pid}\n`)
    hasPidFile = true
    const tracing = await startTracing({
      env: io.env,
      serviceName: 'sluice',
      serviceVersion: VERSION,
      onError: (message) => log.warn(message),
    })
    auditFile = settings.auditLog
      ? openAuditFile(settings.auditLog === 'stdout' ? 'stdout' : resolve(io.cwd, settings.auditLog))
      : undefined
    const reopened = auditFile
    process.on('SIGHUP', () => tryWith(log, () => reopened?.reopen()))
    const clock = createSteadyClock({
      system: await store.time(),
      mark: await store.clockMark.get(),
      onMoved: (message) => log.warn(message),
    })
    const sluice = await composeSluice({
      settings,
      store,
      listener,
      log,
      tracing,
      auditSink: auditFile,
      now: clock.now,
      isClockTrusted: clock.isTrusted,
      consoleFolder: io.consoleFolder,
    })

    log.info(`Sluice ${VERSION} listens on ${url}`)
    log.info(opened.about)
    if (await sluice.needsSetup()) {
      const page =
        sluice.consolePath === undefined ? '' : `open ${url}${sluice.consolePath} in a browser, or `
      log.info(`no user exists yet: ${page}run "npm start -- setup --host ${url}"`)
    }

    const signal = await stopping
    log.info('stopping', { signal })
    await listener.stop(settings.shutdownTimeout)
    await sluice.close()
    await tracing?.shutdown()
    log.info('stopped')
    return 0
  } finally {
    await listener.stop(0)
    await store?.close()
    tryWith(log, () => auditFile?.close())
    if (settings.pidFile && hasPidFile) rmSync(settings.pidFile, { force: true })
  }
}

export function openListener(settings: Settings, log: ServerLog): Listener {
  const { tlsCert, tlsKey } = settings
  return createListener({
    limits: {
      readHeaderTimeoutMs: settings.httpReadHeaderTimeout,
      readTimeoutMs: settings.httpReadTimeout,
      bodyTimeoutMs: settings.httpBodyTimeout,
      writeTimeoutMs: settings.httpWriteTimeout,
      idleTimeoutMs: settings.httpIdleTimeout,
      maxHeaderBytes: settings.httpMaxHeaderSize,
    },
    headers: answerHeaders(settings),
    tls:
      tlsCert && tlsKey
        ? {
            minVersion: `TLSv${settings.tlsMinVersion}`,
            certificate: createCertificateFiles({
              certPath: tlsCert,
              keyPath: tlsKey,
              onRenewed: () => log.info('the TLS certificate was renewed'),
              onProblem: (error) =>
                log.error('the renewed TLS certificate cannot be used; the server keeps the old one', {
                  cause: String(error),
                }),
            }),
          }
        : undefined,
  })
}

/** Logs errors of the audit file instead of throwing them: it is only a copy of the database's log. */
function tryWith(log: ServerLog, work: () => void): void {
  try {
    work()
  } catch (error) {
    log.error('the audit file cannot be written', { cause: String(error) })
  }
}

/** Headers of every response: those that the `influx` command line reads, and the security headers. */
function answerHeaders(settings: Settings): Record<string, string> {
  const strict = settings.hardeningEnabled && (settings.tlsCert !== undefined || isHttps(settings.publicUrl))
  return {
    'x-influxdb-build': 'OSS',
    'x-influxdb-version': INFLUX_VERSION,
    ...securityHeaders({
      strictTransportSeconds: strict ? settings.strictTransportSecurityMaxAge : undefined,
    }),
  }
}

/** A terminal's Ctrl-C reaches the server twice if npm runs it without a shell: from the terminal and from npm. */
const SAME_SIGNAL_MS = 500

/** The first of the signals that ask for an end; a second one, of either kind, ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let first: { signal: string; at: number } | undefined
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        const at = performance.now()
        if (first && (first.signal !== signal || at - first.at > SAME_SIGNAL_MS)) process.exit(1)
        first ??= { signal, at }
        resolve(signal)
      })
    }
    // From scripts/npm-start.ts: npm has ended without passing a signal on.
    process.on('parent-gone' as never, () => resolve('parent-gone'))
  })
}

/** Logs uncaught errors and exits, because the state of the process is unknown after one. */
function guardProcess(log: ServerLog): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('uncaught error; the server exits', {
        event,
        stack: error instanceof Error ? error.stack : String(error),
      })
      process.exit(1)
    })
  }
}
