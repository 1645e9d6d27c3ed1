/**
 * Connections for small writes, whose answers are short. undici costs such a request as much again as all the rest of
 * it: parsing by WebAssembly, validation of each header, timers. Here an answer that comes in one piece, as InfluxDB's
 * to a write does, is read by one expression; every other is handed to Node's own HTTP parser.
 */
import { connect, type Socket } from 'node:net'
import { type AnswerReading, readByNode } from './node-answers.ts'
import { createReadShortAnswer, type ReadShortAnswer } from './short-answer.ts'
import type { AnswerControl, AnswerReader, FailureKind, Transport, UpstreamRequest } from './transport.ts'

export interface LeanOptions {
  /** `http://`, host and port. */
  readonly url: string
  readonly connections: number
  readonly connectTimeoutMs: number
}

type Closable = Transport & { close(): Promise<void> }

/** An idle connection is not used again after this time: upstream might close it just as a request is sent on it. */
const LONGEST_REST_MS = 4000
const LOOK_EVERY_MS = 500
/** Smaller bodies are copied behind their headers, since one write costs less than two. */
const COPIED_BYTES = 16_384

/** Sends what it is not made for by `other`, and what comes while all its connections are busy. */
export function createLeanTransport(options: LeanOptions, other: Closable): Closable {
  const { hostname, port, host } = new URL(options.url)
  const start = ` HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`
  const resting: Connection[] = []
  const all = new Set<Connection>()

  const hooks: Hooks = {
    readShort: createReadShortAnswer(),
    rest: (connection) => void resting.push(connection),
    gone(connection) {
      all.delete(connection)
      const at = resting.indexOf(connection)
      if (at >= 0) resting.splice(at, 1)
    },
  }

  function open(): Connection | undefined {
    if (all.size >= options.connections) return undefined
    // In a URL an IPv6 address stands in brackets, which `connect` does not take.
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
    })
    const connection = new Connection(socket, hooks, performance.now() + options.connectTimeoutMs)
    all.add(connection)
    return connection
  }

  function rested(): Connection | undefined {
    for (let last = resting.pop(); last; last = resting.pop()) {
      if (performance.now() - last.restingSince <= LONGEST_REST_MS) return last
      last.destroy()
    }
    return undefined
  }

  const timer = setInterval(() => {
    const now = performance.now()
    for (const connection of all) connection.look(now)
  }, LOOK_EVERY_MS)
  timer.unref()

  return {
    send(request, reader) {
      const isFit = request.isShort && Buffer.isBuffer(request.body) && isPlain(request)
      const connection = isFit ? (rested() ?? open()) : undefined
      if (connection) connection.send(request, start, reader)
      else other.send(request, reader)
    },
    async close() {
      clearInterval(timer)
      for (const connection of all) connection.destroy()
      await other.close()
    },
  }
}

/** Nothing in a target or a value ends its line or changes its meaning in Latin-1; undici says what is wrong else. */
function isPlain({ target, headers }: UpstreamRequest): boolean {
  if (NOT_IN_TARGET.test(target)) return false
  for (let at = 1; at < headers.length; at += 2) if (NOT_IN_VALUE.test(headers[at] as string)) return false
  return true
}

const NOT_IN_TARGET = /[^\x21-\x7e]/
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/

interface Hooks {
  readonly readShort: ReadShortAnswer
  rest(connection: Connection): void
  gone(connection: Connection): void
}

/** One exchange after the other on one socket. */
class Connection implements AnswerControl {
  restingSince = 0
  readonly #socket: Socket
  readonly #hooks: Hooks
  #reader: AnswerReader | undefined
  /** When something must have been heard from upstream, and how much longer with each part that comes. */
  #deadline: number
  #timeoutMs = 0
  #isConnected = false
  #isPaused = false
  #reading: AnswerReading | undefined
  /** Whether upstream has closed its side while an answer is read. */
  #isEnded = false
  /** Whether the head of the answer came; interim answers do not make the time for it longer. */
  #hasHead = false

  constructor(socket: Socket, hooks: Hooks, connectDeadline: number) {
    this.#socket = socket
    this.#hooks = hooks
    this.#deadline = connectDeadline
    socket.once('connect', () => {
      this.#isConnected = true
      this.#hear()
    })
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#onEnd())
    // Before there is a connection upstream cannot have seen anything of the request.
    socket.on('error', (error) => this.#fail(this.#isConnected ? 'broken' : 'refused', error))
    socket.on('close', () => {
      // All of the answer is here, and a slow client still reads it.
      if (this.#isEnded) return
      this.#fail('broken', new Error('upstream closed the connection'))
    })
  }

  send(
    { method, target, headers, body, timeoutMs }: UpstreamRequest,
    start: string,
    reader: AnswerReader,
  ): void {
    this.#reader = reader
    this.#timeoutMs = timeoutMs
    this.#isPaused = false
    if (this.#isConnected) this.#hear()
    reader.onStart(this)
    if (this.#socket.destroyed) return
    const content = body as Buffer
    let head = `${method} ${target}${start}`
    for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
    this.#write(`${head}content-length: ${content.length}\r\n\r\n`, content)
  }

  #write(head: string, body: Buffer): void {
    const socket = this.#socket
    if (body.length <= COPIED_BYTES) {
      const whole = Buffer.allocUnsafe(head.length + body.length)
      whole.write(head, 'latin1')
      body.copy(whole, head.length)
      socket.write(whole)
      return
    }
    socket.cork()
    socket.write(head, 'latin1')
    socket.write(body)
    socket.uncork()
  }

  #hear(): void {
    this.#deadline = performance.now() + this.#timeoutMs
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader
    if (!reader) {
      // No request is open, so these bytes must not be taken for the answer to the next one.
      this.destroy()
      return
    }
    if (this.#hasHead) this.#hear()
    if (this.#reading) {
      this.#reading.push(chunk)
      return
    }
    try {
      this.#readFirst(chunk, reader)
    } catch (error) {
      // The answer cannot be passed on, such as one with a header that Node does not write.
      this.#fail('broken', error as Error)
    }
  }

  #readFirst(chunk: Buffer, reader: AnswerReader): void {
    const answer = this.#hooks.readShort(chunk)
    if (!answer) {
      this.#reading = readByNode(chunk, this.#socket, {
        onHead: (...head) => {
          this.#hasHead = true
          this.#hear()
          reader.onHead(...head)
        },
        onData: reader.onData.bind(reader),
        onEnd: () => this.#finish(reader, false),
        onBroken: (error) => this.#fail('broken', error),
      })
      return
    }
    const { status, headers, message, body } = answer
    reader.onHead(status, headers, message)
    if (body) reader.onData(body)
    this.#finish(reader, answer.isKept)
  }

  #finish(reader: AnswerReader, isKept: boolean): void {
    this.#reader = undefined
    const { destroyed, writableLength } = this.#socket
    // After an answer that came before the whole request was sent, upstream would take the rest for the next request.
    if (isKept && !destroyed && writableLength === 0) {
      this.restingSince = performance.now()
      this.#hooks.rest(this)
    } else this.destroy()
    reader.onEnd()
  }

  #onEnd(): void {
    if (this.#reading && this.#reader) {
      this.#isEnded = true
      this.#reading.end()
    } else this.#fail('broken', new Error('upstream closed the connection'))
  }

  #fail(kind: FailureKind, cause: Error): void {
    const reader = this.#reader
    this.#reader = undefined
    this.#reading?.stop()
    this.destroy()
    reader?.onFailure({ kind, cause })
  }

  /** Ends what takes too long. */
  look(now: number): void {
    if (now < this.#deadline || this.#isPaused || !this.#reader) return
    if (!this.#isConnected) this.#fail('refused', new Error('no connection came about in time'))
    else this.#fail('timeout', new Error('upstream did not answer in time'))
  }

  destroy(): void {
    this.#hooks.gone(this)
    this.#socket.destroy()
  }

  pause(): void {
    this.#isPaused = true
    this.#reading?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#hear()
    this.#reading?.resume()
  }

  abort(): void {
    this.#fail('aborted', new Error('the request was aborted'))
  }
}
