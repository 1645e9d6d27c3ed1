/** One connection to a directory. It never opens another one by itself, which would not be signed in. */
import { Client, type Entry, type Filter } from 'ldapts'
import { DirectoryError, directoryErrorOf } from './failure.ts'
import type { ServerOptions } from './options.ts'
import { openSocket } from './socket.ts'

export interface Search {
  readonly base: string
  readonly scope?: 'base' | 'sub'
  readonly filter: Filter | string
  readonly attributes: readonly string[]
  /** Attributes that are bytes, not text. */
  readonly binary?: readonly string[]
  /** The most entries to ask for; without it all, page by page (RFC 2696). */
  readonly limit?: number
}

export interface Connection {
  readonly url: string
  /** Whose certificate it was; undefined without TLS. */
  readonly certificate: { readonly subject: string; readonly validUntil: string } | undefined
  isOpen(): boolean
  /** RFC 4513, 5.1.3. Throws ResultCodeError if the server refuses, else DirectoryError. */
  bind(dn: string, password: string): Promise<void>
  /** Throws DirectoryError. References to other servers among the results are left out, never followed. */
  search(search: Search): Promise<Entry[]>
  close(): void
}

const PAGE_SIZE = 500

/** Opens a connection without signing in. Throws DirectoryError. */
export async function openConnection(
  url: string,
  options: Pick<ServerOptions, 'startTls' | 'ca' | 'timeoutMs'>,
): Promise<Connection> {
  const { socket, tls } = await openSocket(url, options)
  let isClosed = false
  let isTaken = false
  socket.once('close', () => {
    isClosed = true
  })
  const client = new Client({
    // The socket is there already, so the URL counts for nothing.
    url: 'ldap://over.socket',
    timeout: options.timeoutMs,
    createConnection() {
      // ldapts connects again on its own after a connection was lost, and would search anonymously.
      if (isTaken || isClosed) throw new DirectoryError('closed', 'the connection was closed')
      isTaken = true
      return socket
    },
  })
  /** Seconds, rounded up. */
  const timeLimit = Math.ceil(options.timeoutMs / 1000)
  const peer = tls?.getPeerCertificate()
  return {
    url,
    certificate: peer && { subject: peer.subject?.CN?.toString() ?? '', validUntil: peer.valid_to },
    isOpen: () => !isClosed && !socket.destroyed,
    async bind(dn, password) {
      // An empty password is an anonymous bind (RFC 4513, 5.1.2), which many servers answer with success.
      if (password === '') throw new DirectoryError('misconfigured', 'an empty password is never sent')
      await client.bind(dn, password)
    },
    async search({ base, scope = 'sub', filter, attributes, binary = [], limit }) {
      try {
        const result = await client.search(base, {
          ...{ scope, filter, attributes: [...attributes], timeLimit },
          ...{ explicitBufferAttributes: [...binary], derefAliases: 'never' },
          ...(limit === undefined ? { paged: { pageSize: PAGE_SIZE } } : { sizeLimit: limit }),
        })
        return result.searchEntries
      } catch (error) {
        throw directoryErrorOf(error)
      }
    },
    close() {
      isClosed = true
      client.unbind().catch(() => undefined)
      socket.destroySoon()
    },
  }
}
