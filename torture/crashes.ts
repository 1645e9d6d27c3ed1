/** kill -9 again and again during writes: what was acknowledged stays, and what was revoked stays dead. */
import { basic, type Server, setUp, startServer } from './server.ts'

interface Ledger {
  readonly users: Map<string, string>
  readonly alive: Map<string, string>
  readonly revoked: string[]
  readonly ended: string[]
  readonly remembered: string[]
}

export interface CrashResult {
  readonly rounds: number
  readonly acknowledged: number
  readonly wrong: string[]
}

export async function crashes(sqlitePath: string, rounds: number): Promise<CrashResult> {
  const ledger: Ledger = { users: new Map(), alive: new Map(), revoked: [], ended: [], remembered: [] }
  const wrong: string[] = []
  let server = await startServer({ sqlitePath })
  const { operator, orgID } = await setUp(server)
  let acknowledged = 0
  for (let round = 0; round < rounds; round += 1) {
    const writing = write(server, { operator, orgID, ledger, round })
    await new Promise((resolve) => setTimeout(resolve, 150 + ((round * 97) % 400)))
    await server.kill()
    acknowledged += await writing
    server = await startServer({ sqlitePath })
    wrong.push(...(await check(server, operator, ledger)))
  }
  await server.stop()
  return { rounds, acknowledged, wrong }
}

/** Writes until the server is gone; how many were acknowledged. */
async function write(
  server: Server,
  {
    operator,
    orgID,
    ledger,
    round,
  }: { operator: Record<string, string>; orgID: string; ledger: Ledger; round: number },
): Promise<number> {
  let acknowledged = 0
  try {
    for (let i = 0; ; i += 1) {
      const name = `user-${round}-${i}`
      const user = await server.ask('POST', '/api/v2/users', { headers: operator, json: { name } })
      if (user.status !== 201) return acknowledged
      ledger.users.set(user.body.id, name)
      const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
      const made = await server.ask('POST', '/api/v2/authorizations', {
        headers: operator,
        json: { orgID, permissions },
      })
      if (made.status !== 201) return acknowledged
      acknowledged += 2
      if (i % 2 === 0) {
        ledger.alive.set(made.body.id, made.body.token)
      } else {
        const gone = await server.ask('DELETE', `/api/v2/authorizations/${made.body.id}`, {
          headers: operator,
        })
        if (gone.status === 204) ledger.revoked.push(made.body.token)
        acknowledged += 1
      }
      const session = await server.ask('POST', '/api/v2/signin?remember=true', { headers: basic('ada') })
      if (session.cookie && i % 2 === 0) ledger.remembered.push(session.cookie)
      else if (session.cookie) {
        const out = await server.ask('POST', '/api/v2/signout', { headers: { cookie: session.cookie } })
        if (out.status === 204) ledger.ended.push(session.cookie)
      }
      acknowledged += 1
    }
  } catch {
    return acknowledged
  }
}

async function check(server: Server, operator: Record<string, string>, ledger: Ledger): Promise<string[]> {
  const wrong: string[] = []
  async function expect(what: string, status: number, path: string, headers: Record<string, string>) {
    const answer = await server.ask('GET', path, { headers })
    if (answer.status !== status) wrong.push(`${what}: ${answer.status} instead of ${status}`)
  }
  for (const [id, name] of ledger.users) await expect(`user ${name}`, 200, `/api/v2/users/${id}`, operator)
  for (const token of ledger.alive.values()) {
    await expect('a token', 200, '/api/v2/orgs', { authorization: `Token ${token}` })
  }
  for (const token of ledger.revoked.slice(-50)) {
    await expect('a deleted token', 401, '/api/v2/orgs', { authorization: `Token ${token}` })
  }
  for (const cookie of ledger.remembered) await expect('a remembered session', 200, '/api/v2/me', { cookie })
  for (const cookie of ledger.ended) await expect('an ended session', 401, '/api/v2/me', { cookie })
  return wrong
}
