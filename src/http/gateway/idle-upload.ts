import type { IncomingMessage } from 'node:http'

/**
 * Ends a connection whose client has begun a body and sends nothing more of it for that time. Watches as long as the
 * body is on its way; the function it returns ends that.
 */
export function watchUpload(request: IncomingMessage, idleMs: number): () => void {
  const { socket } = request
  let before = socket.bytesRead
  let isFirst = true
  const timer = setInterval(() => {
    // While upstream takes nothing, the client is not read from and cannot be blamed.
    const isHeldUp = request.isPaused()
    if (!isFirst && !isHeldUp && !request.complete && socket.bytesRead === before) socket.destroy()
    before = socket.bytesRead
    isFirst = false
  }, idleMs / 2)
  timer.unref()
  return () => clearInterval(timer)
}
