/**
 * The clock as a server finds it at its start (by libfaketime): an hour and two years ahead, and back again.
 * While a server runs, its own clock goes on whatever is done to the system's.
 */
import { existsSync, readdirSync } from 'node:fs'
import { basic, setUp, startServer } from './server.ts'

export interface MovedClockResult {
  readonly wrong: string[]
}

/** Debian's package faketime; undefined without it. */
function libfaketime(): string | undefined {
  for (const folder of ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime']) {
    if (existsSync(folder))
      return `${folder}/${readdirSync(folder).find((name) => name === 'libfaketime.so.1')}`
  }
  return undefined
}

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
  const expiresAt = new Date(Date.now() + 1800_000).toISOString()
  const made = await server.ask('POST', '/api/v2/authorizations', {
    headers: operator,
    json: { orgID, permissions, expiresAt },
  })
  const token = { authorization: `Token ${made.body.token}` }
  const kept = await server.ask('POST', '/api/v2/signin?remember=true', { headers: basic('ada') })
  const ended = await server.ask('POST', '/api/v2/signin?remember=true', { headers: basic('ada') })
  await server.ask('POST', '/api/v2/signout', { headers: { cookie: ended.cookie ?? '' } })
  await server.stop()

  async function round(name: string, env: Record<string, string>, expected: { token: number; kept: number }) {
    server = await startServer({ sqlitePath, env })
    const found = {
      token: (await server.ask('GET', '/api/v2/orgs', { headers: token })).status,
      kept: (await server.ask('GET', '/api/v2/me', { headers: { cookie: kept.cookie ?? '' } })).status,
    }
    const dead = await server.ask('GET', '/api/v2/me', { headers: { cookie: ended.cookie ?? '' } })
    const operates = await server.ask('GET', '/api/v2/users', { headers: operator })
    const again = await server.ask('POST', '/api/v2/signin', { headers: basic('ada') })
    if (found.token !== expected.token) wrong.push(`${name}: the token ${found.token}`)
    if (found.kept !== expected.kept) wrong.push(`${name}: the remembered session ${found.kept}`)
    if (dead.status !== 401) wrong.push(`${name}: the ended session ${dead.status}`)
    if (operates.status !== 200) wrong.push(`${name}: the operator ${operates.status}`)
    if (again.status !== 204) wrong.push(`${name}: a sign-in ${again.status}`)
    await server.stop()
  }
  await round('an hour ahead', at('+1h'), { token: 401, kept: 200 })
  await round('an hour back', at('-1h'), { token: 401, kept: 200 })
  await round('two years ahead', at('+2y'), { token: 401, kept: 401 })
  await round('back from there', {}, { token: 200, kept: 401 })
  return { wrong }
}
