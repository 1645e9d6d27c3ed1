/** A proxy between a node and an engine that can be cut, slowed or stuffed, and put right again. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * `refuse`: connections break, and new ones do at once. `swallow`: bytes get lost without a word, as when a cable
 * is pulled. `slow`: each piece takes so long, in each direction.
 */
export type Fault = { readonly kind: 'refuse' | 'swallow' } | { readonly kind: 'slow'; readonly ms: number }

export interface TcpProxy {
  readonly port: number
  /** Where new connections go. */
  target(port: number): void
  fail(fault: Fault): void
  heal(): void
  /** How many pieces went to the engine: of one who waits for each answer, how many round trips. */
  sent(): number
  close(): Promise<void>
}

/** @param rewrite changes what the engine sends; it sees a piece at a time. */
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
      // What is still on its way is lost with the connection, and nobody hears of a close through a pulled cable.
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
        // TCP would send it again for a quarter of an hour; here what was swallowed never comes.
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
