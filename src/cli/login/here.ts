/** Signing in with the browser of this machine, which comes back to this command (RFC 8252, RFC 7636). */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommandFailure } from '../terminal/failure.ts'
import { ask, type LoginAnswer, pageOf } from './ask-server.ts'

const unguessable = () => randomBytes(32).toString('base64url')

/**
 * Listens on the loopback address, shows the page to the person, and exchanges the code that the browser brings. Throws
 * CommandFailure if the person refuses or takes too long.
 *
 * @param show opens the page
 */
export async function loginHere(
  host: URL,
  { machine, show }: { machine: string; show: (page: URL) => void },
): Promise<LoginAnswer> {
  const [state, verifier] = [unguessable(), unguessable()]
  const server = createServer()
  // Not localhost, which may be resolved to another address (RFC 8252, 8.3).
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  try {
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const begun = await ask<{ url: string; expiresAt: string }>(host, '/api/v2/signin/command-line', {
      ...{ host: machine, redirectUri: `http://${own}/`, state },
      challenge: hash('sha256', verifier, 'base64url'),
    })
    const page = pageOf(host, begun.url)
    const waiting = Promise.withResolvers<LoginAnswer>()
    const tooLong = setTimeout(() => waiting.reject(new CommandFailure(TOO_LONG)), LONGEST_MS)
    let isTaken = false

    async function arrived(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const query = request.headers.host === own ? queryOf(request) : undefined
      // Another page may call this address too; what it brings is ignored, and the person's own browser awaited.
      if (isTaken || !query || !isSame(query.get('state') ?? '', state)) {
        response.writeHead(query ? 400 : 404, HEADERS).end('This is not the sign-in that sluice waits for.\n')
        return
      }
      isTaken = true
      const outcome = await redeemed(host, query.get('code'), verifier)
      // To a page of the server, so that this address with the code is not kept in the browser's history.
      const next = new URL(page.pathname, page)
      next.searchParams.set('outcome', outcome instanceof Error ? 'failed' : 'done')
      response.writeHead(303, { ...HEADERS, location: next.href }).end()
      await new Promise((resolve) => response.once('close', resolve))
      if (outcome instanceof Error) waiting.reject(outcome)
      else waiting.resolve(outcome)
    }

    server.on('request', (request, response) => void arrived(request, response))
    show(page)
    return await waiting.promise.finally(() => clearTimeout(tooLong))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** The time for which the server keeps the request for a token. */
const LONGEST_MS = 10 * 60_000
const TOO_LONG = 'nobody approved it within ten minutes; run sluice login again'
const HEADERS = {
  ...{ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' },
  ...{ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' },
}

function queryOf({ method, url = '' }: IncomingMessage): URLSearchParams | undefined {
  const [path, query] = url.split('?')
  return method === 'GET' && path === '/' && query !== undefined ? new URLSearchParams(query) : undefined
}

async function redeemed(host: URL, code: string | null, verifier: string): Promise<LoginAnswer | Error> {
  if (code === null) return new CommandFailure('it was refused in the browser')
  try {
    return await ask<LoginAnswer>(host, '/api/v2/signin/command-line/token', { code, verifier })
  } catch (error) {
    return error as Error
  }
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}
