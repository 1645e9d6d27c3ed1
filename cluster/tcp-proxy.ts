/** A proxy between a node and a database that can be cut, slowed down or blocked, and healed again. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * `refuse`: connections break, and new ones fail at once. `swallow`: bytes get lost silently, like with a pulled cable.
 * `slow`: each chunk is delayed, in each direction.
 */
export type Fault = { readonly kind: 'refuse' | 'swallow' } | { readonly kind: 'slow'; readonly ms: number }

export interface TcpProxy {
  readonly port: number
  /** The target of new connections. */
  target(port: number): void
  fail(fault: Fault): void
  heal(): void
  /** The number of chunks sent to the database; for a client that waits for each response, its round trips. */
  sent(): number
  close(): Promise<void>
}

/** @param rewrite changes what the database sends, chunk by chunk */
export async function startTcpProxy(
  targetPort: number,
  rewrite?: (text: string) => string,
): Promise<TcpProxy> {
  let target = targetPort
  let fault: Fault | undefined
  let sent = 0
  const pairs = new Set<{ sockets: Socket[]; isLost: boolean }>()

  const server = createServer((near) => {
    if (fault?.kind === 'refuse') {
      near.on('error', () => {}).resetAndDestroy()
      return
    }
    const far = connect(target, '127.0.0.1')
    const pair = { sockets: [near, far], isLost: fault?.kind === 'swallow' }
    pairs.add(pair)
    carry(near, far, pair)
    carry(far, near, pair, rewrite)
  })

  function carry(
    from: Socket,
    to: Socket,
    pair: { isLost: boolean; sockets: Socket[] },
    change?: typeof rewrite,
  ) {
    from.setNoDelay(true)
    from.on('error', () => {})
    from.on('close', () => {
      // Data in transit is lost with the connection, and a close does not get through a pulled cable.
      if (!pair.isLost || from === pair.sockets[0]) {
        pairs.delete(pair)
        to.destroy()
      }
    })
    from.on('data', (chunk: Buffer) => {
      if (from === pair.sockets[0]) sent += 1
      if (pair.isLost) return
      const bytes = change ? Buffer.from(change(chunk.toString('latin1')), 'latin1') : chunk
      const pass = () => {
        if (!pair.isLost && !to.destroyed) to.write(bytes)
      }
      if (fault?.kind === 'slow') setTimeout(pass, fault.ms)
      else pass()
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    target(port) {
      target = port
    },
    fail(next) {
      fault = next
      for (const pair of pairs) {
        if (next.kind === 'refuse') for (const socket of pair.sockets) socket.resetAndDestroy()
        // TCP would resend it for a quarter of an hour; here swallowed data never arrives.
        if (next.kind === 'swallow') pair.isLost = true
      }
    },
    heal() {
      fault = undefined
    },
    sent: () => sent,
    async close() {
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
