/** A TCP proxy in front of a database that can be cut or can swallow data. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Closes all connections and refuses new ones, or accepts them again. */
  cut(isCut: boolean): void
  /** Silently holds back all data in both directions, or delivers it again. */
  swallow(isSwallowing: boolean): void
  close(): Promise<void>
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const state = { isCut: false, isSwallowing: false }
  const server = createServer((near) => {
    if (state.isCut) return near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => to.write(chunk))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (state.isSwallowing) from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    cut(isCut) {
      state.isCut = isCut
      if (isCut) for (const socket of sockets) socket.resetAndDestroy()
    },
    swallow(isSwallowing) {
      state.isSwallowing = isSwallowing
      for (const socket of sockets) isSwallowing ? socket.pause() : socket.resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
