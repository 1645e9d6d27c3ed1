/** For tests: a TCP proxy on loopback that can be cut, and that can swallow all there is to say. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after } from 'node:test'

export interface Proxy {
  readonly port: number
  /** How many connections it has taken. */
  accepted(): number
  /** From now on nothing passes, in either direction, and nobody is told. */
  swallow(): void
  /** Ends what is open, and lets everything new pass. */
  cut(): void
}

export async function startProxy(targetPort: number): Promise<Proxy> {
  const open = new Set<Socket>()
  let accepted = 0
  let isSwallowing = false

  const server = createServer((near) => {
    accepted += 1
    const far = connect(targetPort, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('data', (chunk) => {
        if (!isSwallowing) to.write(chunk)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): void {
    isSwallowing = false
    for (const socket of open) socket.destroy()
  }
  after(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => accepted,
    swallow() {
      isSwallowing = true
    },
    cut,
  }
}
