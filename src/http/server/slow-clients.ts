/** Limits the time that clients take to send a body, to read a response, and to close the connection. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long a connection stays open for the client to read the last response. */
const GRACE_MS = 2000
/** The slowest rate at which a client may read a response, in bytes per millisecond. */
const SLOWEST_READ = 64
const LOOK_EVERY_MS = 250
/** The bytes of responses that may wait for all clients together before those that read nothing are cut off. */
const MOST_WAITING = 16 * 1024 * 1024

export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** Whether a body is still on its way. */
export function isArriving(request: IncomingMessage): boolean {
  return !request.complete && hasBody(request)
}

/**
 * Limits the time of a request's body. `onTimeout` is called if the body has not arrived in that time (0 is no limit)
 * and no response has begun. If the response ends before the body has arrived, the connection is closed: the client
 * may read the response (RFC 9112, 9.6), but not go on sending.
 */
export function watchBody(
  request: IncomingMessage,
  response: ServerResponse,
  { timeoutMs, onTimeout }: { timeoutMs: number; onTimeout: (socket: Socket) => void },
): void {
  const { socket } = request
  const timer = timeoutMs === 0 ? undefined : setTimeout(onTime, timeoutMs)
  timer?.unref()
  function onTime(): void {
    if (request.complete) return
    if (response.headersSent) socket.destroy()
    else onTimeout(socket)
  }
  response.once('finish', () => {
    if (!request.complete) endAfter(request, socket)
  })
  response.once('close', () => clearTimeout(timer))
}

/** Ends a connection that is no longer used, even if the client has not ended it. */
export function endSoon(socket: Socket): void {
  socket.end()
  const timer = setTimeout(() => socket.destroy(), GRACE_MS)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}

function endAfter(request: IncomingMessage, socket: Socket): void {
  request.once('end', () => socket.destroySoon())
  request.resume()
  endSoon(socket)
}

/**
 * Cuts off clients that do not read their responses: waiting bytes must be taken within `limitOf(socket)`
 * milliseconds plus a second for each 64 KB; 0 is no limit. If more than `MOST_WAITING` bytes wait for all clients
 * that have a limit, those that read nothing since the last look are cut off, the longest responses first. The returned
 * function stops it.
 */
export function watchReaders(sockets: Iterable<Socket>, limitOf: (socket: Socket) => number): () => void {
  const waiting = new WeakMap<Socket, { readonly upTo: number; readonly deadline: number }>()

  function look(socket: Socket, now: number): void {
    const { writableLength, bytesWritten } = socket
    const limitMs = limitOf(socket)
    if (limitMs === 0) {
      waiting.delete(socket)
      return
    }
    const known = waiting.get(socket)
    if (known && bytesWritten - writableLength < known.upTo) {
      if (now > known.deadline) socket.destroy()
    } else if (writableLength > 0) {
      waiting.set(socket, { upTo: bytesWritten, deadline: now + limitMs + writableLength / SLOWEST_READ })
    }
  }

  let taken = new WeakMap<Socket, number>()

  function bound(): void {
    let total = 0
    const idle: Socket[] = []
    const takenNow = new WeakMap<Socket, number>()
    for (const socket of sockets) {
      const { writableLength, bytesWritten } = socket
      if (writableLength === 0 || socket.destroyed || limitOf(socket) === 0) continue
      total += writableLength
      const now = bytesWritten - writableLength
      if (taken.get(socket) === now) idle.push(socket)
      takenNow.set(socket, now)
    }
    taken = takenNow
    idle.sort((one, other) => other.writableLength - one.writableLength)
    for (const socket of idle) {
      if (total <= MOST_WAITING) return
      total -= socket.writableLength
      socket.destroy()
    }
  }

  const timer = setInterval(() => {
    const now = performance.now()
    for (const socket of sockets) look(socket, now)
    bound()
  }, LOOK_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
