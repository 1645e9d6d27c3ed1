import type { IncomingMessage } from 'node:http'

/**
 * Ends a connection whose client has begun a body and sends nothing more of it for that time. Watches as long as the
 * body is on its way; the function it returns ends that.
 */
export function watchUpload(request: IncomingMessage, idleMs: number): () => void {
  const { socket } = request
  let before = socket.bytesRead
  /** The client has its time from the first look on, and again after upstream held it up. */
  let hasJustBegun = true
  const timer = setInterval(() => {
    // While upstream takes nothing, the client is not read from and cannot be blamed.
    const isHeldUp = request.isPaused()
    const isIdle = !request.complete && socket.bytesRead === before
    if (isIdle && !isHeldUp && !hasJustBegun) socket.destroy()
    before = socket.bytesRead
    hasJustBegun = isHeldUp
  }, idleMs / 2)
  timer.unref()
  return () => clearInterval(timer)
}
