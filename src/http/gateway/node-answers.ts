/** Reads an answer by Node's own HTTP client, from a connection on which the request was sent already. */
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { AnswerReader } from './transport.ts'

export interface AnswerReading {
  /** What came further. */
  push(chunk: Buffer): void
  /** Nothing more comes. */
  end(): void
  pause(): void
  resume(): void
  /** Nothing more is said of it. */
  stop(): void
}

export type AnswerEvents = Pick<AnswerReader, 'onHead' | 'onData' | 'onEnd'> & {
  /** It is no HTTP, or ended early. Nothing is called after it, nor after `onEnd`. */
  readonly onBroken: (error: Error) => void
}

/** @param first what has come of the answer so far */
export function readByNode(first: Buffer, socket: Socket, events: AnswerEvents): AnswerReading {
  let response: IncomingMessage | undefined
  let isOver = false
  // Node writes a request of its own into it, which is discarded.
  const bytes = new Duplex({
    read: () => void socket.resume(),
    write: (_chunk, _encoding, done) => done(),
  })
  function onBroken(error: Error): void {
    if (isOver) return
    isOver = true
    bytes.destroy()
    events.onBroken(error)
  }
  const asked = request({ method: 'POST', createConnection: () => bytes })
  asked.on('error', onBroken)
  asked.on('close', () => onBroken(new Error('the answer ended early')))
  asked.on('response', (incoming) => {
    if (isOver) return
    response = incoming
    try {
      events.onHead(incoming.statusCode ?? 0, incoming.rawHeaders, incoming.statusMessage ?? '')
    } catch (error) {
      onBroken(error as Error)
      return
    }
    incoming.on('data', (chunk: Buffer) => {
      if (!isOver) events.onData(chunk)
    })
    incoming.on('error', onBroken)
    incoming.on('end', () => {
      if (isOver) return
      isOver = true
      events.onEnd()
    })
  })
  asked.end()
  bytes.push(first)
  return {
    push(chunk) {
      if (!bytes.push(chunk)) socket.pause()
    },
    end: () => void bytes.push(null),
    pause: () => void response?.pause(),
    resume: () => void response?.resume(),
    stop() {
      isOver = true
      bytes.destroy()
    },
  }
}
