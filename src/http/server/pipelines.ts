/**
 * Requests that come together on one connection (RFC 9112, 9.3.2) are answered one after the other, and parsed only as
 * far as they can be answered soon. Node parses all that it has read, up to 2,600 requests of 64 KB, and hands them all
 * over at once; a client that takes no answers could fill the memory with requests and answers.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isArriving } from './slow-clients.ts'

/** A connection with this number of unanswered requests is not parsed. Two, since the first may still need its body. */
const MOST_UNANSWERED = 2
/** How many requests that had to wait begin in one turn of the event loop, so that other connections get theirs. */
const BEGUN_PER_TURN = 4
/** The return value that makes the parser stop right after the headers of a request: llhttp's `HPE_PAUSED`. */
const PAUSED = 21
const PAUSED_CODE = 'HPE_PAUSED'

/** The part of Node's parser of a connection that is used here. */
interface Parser {
  onIncoming: (request: IncomingMessage, keepAlive: boolean) => number
  resume(): void
}

/** Node's error for unparsed bytes, which it also reports when it was only asked to pause. */
export interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

interface Connection {
  readonly socket: Socket
  readonly answered: () => void
  /** Requests whose responses are not yet handed to the operating system. */
  unanswered: number
  /** The requests among them whose handling has not begun. */
  waiting: [IncomingMessage, ServerResponse][]
  last: IncomingMessage | undefined
  /** Node's own listener that parses the bytes read; undefined while Node reads by itself, which is faster. */
  parse: ((bytes: Buffer) => void) | undefined
  /** Bytes that are read and not parsed yet. */
  unread: Buffer[]
  /** Whether the socket had more to send than it keeps when something was parsed: Node's parser rests until it drains. */
  isFull: boolean
  /** The parse error, if any; it is answered after the requests before it. */
  problem: ParserError | undefined
}

export interface Pipelines {
  /** To be called for each connection, after Node's own listener. */
  open(socket: Socket): void
  /** To be called for each request that was parsed. */
  readonly request: RequestListener
  /** Call it with Node's parse errors. The error is answered after the requests before it. */
  clientError(error: ParserError, socket: Socket): void
  /** The number of parsed requests that are not answered. */
  running(): number
}

/**
 * `begin` handles a request, after the operating system has taken all responses before it; `refuse` answers input
 * that is no request; `onQuiet` is called when no request is running any more.
 */
export function createPipelines(options: {
  begin: RequestListener
  refuse: (error: NodeJS.ErrnoException, socket: Socket) => void
  onQuiet: () => void
}): Pipelines {
  const { begin, refuse } = options
  const connections = new WeakMap<Socket, Connection>()
  const turns: Connection[] = []
  let running = 0

  function ended(count: number): void {
    running -= count
    if (running === 0 && count > 0) options.onQuiet()
  }

  function open(socket: Socket): void {
    const connection: Connection = {
      ...{ socket, unanswered: 0, waiting: [], last: undefined, parse: undefined, unread: [], isFull: false },
      problem: undefined,
      answered() {
        connection.unanswered -= 1
        ended(1)
        if (connection.waiting.length > 0 || connection.unread.length > 0) takeTurn(connection)
        else settle(connection)
      },
    }
    connections.set(socket, connection)
    const { parser } = socket as Socket & { parser: Parser }
    const { onIncoming } = parser
    parser.onIncoming = (request, keepAlive) => {
      const answer = onIncoming(request, keepAlive)
      if (connection.unanswered < MOST_UNANSWERED || answer !== 0) return answer
      // After a request that asks for an upgrade Node parses nothing more of what it has read.
      return request.headers.upgrade === undefined ? PAUSED : answer
    }
  }

  function request(incoming: IncomingMessage, response: ServerResponse): void {
    const connection = connections.get(incoming.socket) as Connection
    running += 1
    connection.unanswered += 1
    connection.last = incoming
    response.once('close', connection.answered)
    if (connection.unanswered === 1) begin(incoming, response)
    else {
      connection.waiting.push([incoming, response])
      if (!connection.parse) takeOver(connection)
    }
  }

  /** Takes the reading over from Node, which does no more of it if there is another listener. */
  function takeOver(connection: Connection): void {
    const { socket } = connection
    const [parse] = socket.listeners('data') as [(bytes: Buffer) => void]
    connection.parse = parse
    connection.isFull = socket.writableNeedDrain
    // Node takes off with its own reading what stops and starts it, which it may have stopped just now.
    const [stop] = socket.listeners('pause') as [() => void]
    const [start] = socket.listeners('resume') as [() => void]
    socket.off('data', parse)
    socket.on('data', (bytes: Buffer) => {
      connection.unread.push(bytes)
      feed(connection, parse)
    })
    socket.on('pause', stop)
    socket.on('resume', start)
    socket.on('drain', () => {
      connection.isFull = false
      feed(connection, parse)
    })
    socket.on('close', () => {
      // Node emits no close event for these.
      ended(connection.waiting.length)
      connection.waiting = []
      connection.unread = []
    })
    socket.pause()
  }

  function takeTurn(connection: Connection): void {
    if (turns.length === 0) setImmediate(giveTurns)
    turns.push(connection)
  }

  function giveTurns(): void {
    for (const connection of turns.splice(0, BEGUN_PER_TURN)) {
      const next = connection.waiting.shift()
      if (next) begin(...next)
      settle(connection)
    }
    if (turns.length > 0) setImmediate(giveTurns)
  }

  /** Continues a connection after a response was begun or finished. */
  function settle(connection: Connection): void {
    const { problem, socket, unanswered, parse } = connection
    if (parse) feed(connection, parse)
    if (problem && unanswered === 0 && socket.writable) refuse(problem, socket)
  }

  /** Answers a parse error, after the responses before it. */
  function refuseInTurn(connection: Connection, error: ParserError): void {
    connection.unread = []
    connection.problem = error
    if (!connection.last || !isArriving(connection.last)) return
    // The body of the last request cannot be parsed, so it cannot be answered.
    const unanswerable = connection.waiting.pop()
    if (unanswerable) {
      unanswerable[1].off('close', connection.answered)
      connection.unanswered -= 1
      ended(1)
    } else refuse(error, connection.socket)
  }

  return {
    open,
    request,
    running: () => running,
    clientError(error, socket) {
      const connection = connections.get(socket)
      const isSettled = !connection || connection.unanswered === 0 || !socket.writable
      if (connection && error.code === PAUSED_CODE && error.rawPacket) {
        const rest = error.rawPacket.subarray(error.bytesParsed)
        if (rest.length > 0) connection.unread.unshift(rest)
      } else if (isSettled || error.code === 'ECONNRESET') refuse(error, socket)
      else refuseInTurn(connection, error)
    },
  }
}

/** Parses the bytes read as far as the limits allow, and reads on once all are parsed. */
function feed(connection: Connection, parse: (bytes: Buffer) => void): void {
  const { socket } = connection
  while (mayParse(connection)) {
    const bytes = connection.unread.shift()
    if (!bytes) break
    const { parser } = socket as Socket & { parser: Parser }
    parser.resume()
    parse(bytes)
    if (socket.writableNeedDrain) connection.isFull = true
  }
  const mustRest = connection.unread.length > 0 || connection.unanswered >= MOST_UNANSWERED
  if (mustRest && !socket.isPaused()) socket.pause()
  if (!mustRest && socket.isPaused()) socket.resume()
}

function mayParse({ socket, unanswered, last, isFull, problem }: Connection): boolean {
  if (unanswered >= MOST_UNANSWERED || isFull || socket.writableNeedDrain || problem || socket.destroyed) {
    return false
  }
  // After the last answer only the rest of a body is still read.
  return socket.writable || (last !== undefined && isArriving(last))
}
