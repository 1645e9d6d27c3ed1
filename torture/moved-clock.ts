/**
 * Starts a server with a wrong clock (by libfaketime), an hour and two years off, and then with the right one. A
 * running server's own clock does not follow changes of the system's clock.
 */
import { existsSync, readdirSync } from 'node:fs'
import { type Answer, basic, setUp, startServer } from './server.ts'

export interface MovedClockResult {
  readonly starts: number
  readonly wrong: string[]
}

/** From Debian's package faketime; undefined if it is missing. */
function libfaketime(): string | undefined {
  for (const folder of ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime']) {
    if (existsSync(folder))
      return `${folder}/${readdirSync(folder).find((name) => name === 'libfaketime.so.1')}`
  }
  return undefined
}

const DAY_MS = 86_400_000

/** The credentials to try in a round, with the expected status. */
type Expected = Readonly<Record<string, number>>

export async function movedClock(sqlitePath: string): Promise<MovedClockResult | undefined> {
  const library = libfaketime()
  if (!library) return undefined
  const at = (offset: string) => ({
    LD_PRELOAD: library,
    FAKETIME: offset,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  const wrong: string[] = []

  let server = await startServer({ sqlitePath })
  const { operator, orgID } = await setUp(server)
  const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
  async function token(ms: number): Promise<Record<string, string>> {
    const json = { orgID, permissions, expiresAt: new Date(Date.now() + ms).toISOString() }
    const made = await server.ask('POST', '/api/v2/authorizations', { headers: operator, json })
    return { authorization: `Token ${made.body.token}` }
  }
  const cookieOf = ({ cookie = '' }: Answer) => ({ cookie })
  const session = async () =>
    cookieOf(await server.ask('POST', '/api/v2/signin?remember=true', { headers: basic('ada') }))

  const who: Record<string, Record<string, string>> = {
    operator,
    'token of half an hour': await token(1800_000),
    'token of a year': await token(365 * DAY_MS),
    'token of a year that stays at home': await token(365 * DAY_MS),
    session: await session(),
    'session that stays at home': await session(),
    'ended session': await session(),
  }
  await server.ask('POST', '/api/v2/signout', { headers: who['ended session'] ?? {} })
  await server.stop()

  let starts = 0
  async function round(name: string, env: Record<string, string>, expected: Expected) {
    server = await startServer({ sqlitePath, env })
    starts += 1
    for (const [each, status] of Object.entries({ operator: 200, 'ended session': 401, ...expected })) {
      const path = each.startsWith('token') ? '/api/v2/orgs' : '/api/v2/me'
      const answer = await server.ask('GET', path, { headers: who[each] ?? {} })
      if (answer.status !== status) wrong.push(`${name}: ${each} ${answer.status} instead of ${status}`)
    }
    const again = await server.ask('POST', '/api/v2/signin', { headers: basic('ada') })
    if (again.status !== 204) wrong.push(`${name}: a sign-in ${again.status}`)
    await server.stop()
  }

  /** With the clock two years wrong, tokens and sessions that are used expire permanently; unused ones do not. */
  const home = { 'token of a year that stays at home': 200, 'session that stays at home': 200 }
  const over = { 'token of half an hour': 401 }
  const alive = { ...over, ...home, 'token of a year': 200, session: 200 }
  const refused = { ...over, 'token of a year': 401, session: 401 }
  await round('an hour ahead', at('+1h'), alive)
  await round('an hour back', at('-1h'), alive)
  await round('two years back', at('-2y'), alive)
  await round('right after that', {}, alive)
  await round('two years ahead', at('+2y'), refused)
  await round('right again', {}, { ...refused, ...home })
  await round('two years back again', at('-2y'), { ...refused, ...home })
  await round('right in the end', {}, { ...refused, ...home })
  return { starts, wrong }
}
