/** A small InfluxDB 2 in this process, holes included, with faults that tests switch on. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../folder.ts'
import type { Answer, Options } from './core/exchange.ts'
import { type Faults, noFaults, readBody } from './core/faults.ts'
import type { ReceivedRequest } from './core/received.ts'
import { createState, type State } from './core/state.ts'
import { respond } from './respond.ts'
import { setUp } from './set-up.ts'

export interface InfluxdOptions extends Partial<Options> {
  /** Default: any free port. */
  readonly port?: number
  /** False leaves the server without its first user; `operatorToken` is then empty. Default true. */
  readonly isSetUp?: boolean
}

export interface Influxd {
  readonly url: string
  readonly operatorToken: string
  /** The first user, and their organization and bucket. */
  readonly userID: string
  readonly orgID: string
  readonly bucketID: string
  readonly workingDirectory: string
  readonly state: State
  readonly options: Options
  readonly faults: Faults
  /** All requests, oldest first. */
  readonly requests: ReceivedRequest[]
  /** Removes all tokens, or those for which the function is true, as a restore does: 401 "unauthorized access". */
  forgetTokens(which?: (token: { readonly id: string; readonly description: string }) => boolean): void
  stop(): Promise<void>
}

const VERSION = 'v2.9.1'

export async function startInfluxd({
  port = 0,
  isSetUp = true,
  ...more
}: InfluxdOptions = {}): Promise<Influxd> {
  const options: Options = {
    version: VERSION,
    hashedTokens: true,
    acceptsRestore: false,
    backupFile: undefined,
    workingDirectory: temporaryFolder(),
    ...more,
  }
  const situation = { state: createState(), options, faults: noFaults() }
  const requests: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults } = situation
    const received = record(request, response)
    requests.push(received)
    const isConcerned = faults.concerns(received.target)
    received.body = await readBody(request, isConcerned ? faults.readPauseMs : 0)
    const active = isConcerned ? faults : noFaults()
    if (active.delayMs > 0) await sleep(active.delayMs)
    if (active.dropsConnections || active.nonsense !== undefined) {
      request.socket.end(active.nonsense ?? '')
      return
    }
    const answer = await respond(request, received.body, { ...situation, faults: active })
    received.status = answer.status
    await send(answer, response, active.cutsAnswers)
  }

  async function send(answer: Answer, response: ServerResponse, cuts: boolean): Promise<void> {
    const { status, headers, body } = answer
    response.writeHead(status, {
      'x-influxdb-build': 'OSS',
      'x-influxdb-version': options.version,
      ...headers,
      ...(body !== undefined && !(body instanceof Readable) && { 'content-length': Buffer.byteLength(body) }),
    })
    if (body instanceof Readable) return pipeline(body, response)
    if (!cuts) return void response.end(body)
    const whole = Buffer.from(body ?? '')
    response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => response.socket?.destroy())
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Also if it is not set up yet: a test gives this token to setup.
  const operatorToken = randomBytes(32).toString('base64url')
  const ids = isSetUp ? await setUp(url, operatorToken) : { userID: '', orgID: '', bucketID: '' }
  requests.length = 0

  return {
    url,
    operatorToken,
    ...ids,
    workingDirectory: options.workingDirectory,
    requests,
    ...situation,
    forgetTokens(which = () => true) {
      const { authorizations } = situation.state
      for (const each of [...authorizations.values()]) if (which(each)) authorizations.delete(each.id)
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function record(request: IncomingMessage, response: ServerResponse): ReceivedRequest {
  const received: ReceivedRequest = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.alloc(0),
    status: undefined,
    isAborted: false,
  }
  response.on('close', () => {
    received.isAborted = !response.writableFinished
  })
  return received
}
