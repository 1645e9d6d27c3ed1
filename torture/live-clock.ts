/**
 * Moves the system's clock under a running server (libfaketime reads it from a file): valid sessions stay valid, ended
 * ones stay ended, and idle sessions expire after the time that has really passed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { basic, setUp, startServer } from './server.ts'
import { needFaketime } from './tools.ts'

export interface LiveClockResult {
  readonly moves: number
  readonly wrong: string[]
}

const MOVES: readonly [name: string, offset: string, seconds: number][] = [
  ['an hour ahead', '+1h', 3600],
  ['two years ahead', '+2y', 2 * 365 * 86_400],
  ['an hour back', '-1h', -3600],
  ['two years back', '-2y', -2 * 365 * 86_400],
  ['as it was', '+0', 0],
]
const SESSION_LENGTH_S = 4

export async function liveClock(folder: string): Promise<LiveClockResult> {
  const clock = join(folder, 'clock')
  writeFileSync(clock, '+0')
  const server = await startServer({
    sqlitePath: join(folder, 'live-clock.sqlite'),
    flags: ['--session-length', `${SESSION_LENGTH_S}s`],
    env: {
      LD_PRELOAD: needFaketime(),
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  })
  const wrong: string[] = []
  try {
    const { operator, orgID } = await setUp(server)
    const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
    const expiresAt = new Date(Date.now() + 1800_000).toISOString()
    const json = { orgID, permissions, expiresAt }
    const made = await server.ask('POST', '/api/v2/authorizations', { headers: operator, json })
    const token = { authorization: `Token ${made.body.token}` }
    const enter = async (remember: boolean) => {
      const path = `/api/v2/signin?remember=${remember}`
      const { cookie, status } = await server.ask('POST', path, { headers: basic('ada') })
      if (!cookie) wrong.push(`a sign-in: ${status}`)
      return { cookie: cookie ?? '' }
    }
    const kept = await enter(true)
    const ended = await enter(true)
    await server.ask('POST', '/api/v2/signout', { headers: ended })

    for (const [name, offset, seconds] of MOVES) {
      const [active, idle] = [await enter(false), await enter(false)]
      writeFileSync(clock, offset)
      const moved = (await clockOf(server.url)) - Date.now()
      if (Math.abs(moved / 1000 - seconds) > 5) wrong.push(`${name}: the clock was not moved`)
      const expect = async (what: string, headers: Record<string, string>, status: number) => {
        const path = 'cookie' in headers ? '/api/v2/me' : '/api/v2/orgs'
        const found = (await server.ask('GET', path, { headers })).status
        if (found !== status) wrong.push(`${name}: ${what} ${found} instead of ${status}`)
      }
      await expect('a session', active, 200)
      await expect('a remembered session', kept, 200)
      await expect('a token', token, 200)
      await expect('an ended session', ended, 401)
      await new Promise((resolve) => setTimeout(resolve, (SESSION_LENGTH_S * 1000) / 2))
      await expect('a session that is used', active, 200)
      await new Promise((resolve) => setTimeout(resolve, (SESSION_LENGTH_S * 1000) / 2 + 500))
      await expect('a session that was used', active, 200)
      await expect('an idle session', idle, 401)
    }
  } finally {
    await server.stop()
  }
  return { moves: MOVES.length, wrong }
}

/** The server's time from the Date header, in milliseconds with a resolution of one second. */
async function clockOf(url: string): Promise<number> {
  // Node caches the Date header for one second.
  await new Promise((resolve) => setTimeout(resolve, 1100))
  const { headers } = await fetch(`${url}/ping`)
  return Date.parse(headers.get('date') ?? '')
}
