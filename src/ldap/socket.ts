/** Sockets to a directory, with TLS checked against the host of the URL, within a time limit. */
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Client } from 'ldapts'
import { DirectoryError, resultCodeOf } from './failure.ts'
import type { ServerOptions } from './options.ts'

export interface OpenSocket {
  readonly socket: Socket
  /** Undefined without TLS. */
  readonly tls: TLSSocket | undefined
}

const START_TLS = '1.3.6.1.4.1.1466.20037'
const DEFAULT_PORTS = { 'ldaps:': 636, 'ldap:': 389 } as const

/** The host without brackets, and the port, of `ldap://` and `ldaps://`. */
export function addressOf(url: string): { host: string; port: number; isTls: boolean } {
  const { protocol, hostname, port } = new URL(url)
  const isTls = protocol === 'ldaps:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(port) || DEFAULT_PORTS[isTls ? 'ldaps:' : 'ldap:'], isTls }
}

/** Opens a connection, with TLS already agreed on if the options want it. Throws DirectoryError. */
export async function openSocket(
  url: string,
  options: Pick<ServerOptions, 'startTls' | 'ca' | 'timeoutMs'>,
): Promise<OpenSocket> {
  const { host, port, isTls } = addressOf(url)
  const opened: Socket[] = []
  const timer = Promise.withResolvers<never>()
  timer.promise.catch(() => undefined)
  const timeout = setTimeout(() => {
    timer.reject(new DirectoryError('timeout', `no connection within ${options.timeoutMs} ms`))
  }, options.timeoutMs)
  try {
    const raw = watched(connectPlain({ host, port, noDelay: true }), opened)
    await Promise.race([once(raw, 'connect', 'unreachable'), timer.promise])
    if (!isTls && !options.startTls) return { socket: raw, tls: undefined }
    if (!isTls) await Promise.race([askForTls(raw, options.timeoutMs), timer.promise])
    // Without host and name Node checks the certificate against "localhost", whatever was connected to.
    const name = isIP(host) === 0 ? { servername: host } : {}
    const ca = options.ca === undefined ? {} : { ca: options.ca }
    const tls = connectTls({ socket: raw, host, ...name, ...ca, minVersion: 'TLSv1.2' })
    watched(tls, opened)
    await Promise.race([once(tls, 'secureConnect', 'tls'), timer.promise])
    return { socket: tls, tls }
  } catch (error) {
    for (const socket of opened) socket.destroy()
    throw error
  } finally {
    clearTimeout(timeout)
  }
}

/** A socket whose late errors do not end the process: others listen for them only for a while. */
function watched<S extends Socket>(socket: S, opened: Socket[]): S {
  socket.on('error', () => undefined)
  opened.push(socket)
  return socket
}

function once(socket: Socket, event: 'connect' | 'secureConnect', problem: 'unreachable' | 'tls') {
  return new Promise<void>((resolve, reject) => {
    socket.once(event, resolve)
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(new DirectoryError(problem, error.message, error)),
    )
    socket.once('close', () => reject(new DirectoryError(problem, 'the server closed the connection')))
  })
}

/**
 * RFC 4511, 4.14. The client that asks is not used afterwards: what a server, or somebody between, sent before TLS must
 * not be read as an answer under TLS. That is also why the socket is not upgraded by `Client.startTLS`, whose client
 * does not notice either that an upgraded connection was closed.
 */
async function askForTls(raw: Socket, timeoutMs: number): Promise<void> {
  const events = ['data', 'error', 'close', 'end', 'timeout'] as const
  const before = new Map(events.map((event) => [event, new Set(raw.listeners(event))]))
  const client = new Client({ url: 'ldap://over.socket', timeout: timeoutMs, createConnection: () => raw })
  try {
    await client.exop(START_TLS)
  } catch (error) {
    const code = resultCodeOf(error)
    const why = code === undefined ? (error as Error).message : `the server refuses STARTTLS (code ${code})`
    throw new DirectoryError('tls', why, error)
  }
  for (const event of events) {
    for (const listener of raw.listeners(event)) {
      if (!before.get(event)?.has(listener)) raw.removeListener(event, listener as () => void)
    }
  }
}
