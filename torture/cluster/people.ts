/** What users and their operator do through the balancer; each step is checked against the ledger. */
import { basic, PASSWORD } from '../server.ts'
import type { Answer, Asked, Client } from './client.ts'
import { Fact, type Person, type Session, type Token } from './ledger.ts'

export interface World {
  readonly client: Client
  /** The balancer's URL. */
  readonly url: string
  readonly operator: Record<string, string>
  /** The organization that tokens may read. */
  readonly orgID: string
  /** The organization that members may read. */
  readonly sharedOrgID: string
  readonly people: Person[]
  /** Sessions that must never work again. */
  readonly endedSessions: Session[]
  readonly deletedTokens: Token[]
  acknowledged: number
  /** The number of sessions that Redis lost and that were stored nowhere else. */
  excused: number
  /** Whether Redis is about to lose the data written now. */
  isRedisLosing: boolean
  wrong(what: string): void
}

export async function settingUp(client: Client, url: string, wrong: (what: string) => void): Promise<World> {
  const json = { username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' }
  const { body } = await client.ask(url, 'POST', '/api/v2/setup', { json })
  const operator = { authorization: `Token ${body.auth.token}` }
  const shared = await client.ask(url, 'POST', '/api/v2/orgs', {
    headers: operator,
    json: { name: 'shared' },
  })
  const ids = { orgID: body.org.id, sharedOrgID: shared.body.id }
  const empty = {
    people: [],
    endedSessions: [],
    deletedTokens: [],
    acknowledged: 0,
    excused: 0,
    isRedisLosing: false,
  }
  return { client, url, operator, ...ids, ...empty, wrong }
}

/** A change by the operator, retried while it is refused with 503. */
async function change(
  world: World,
  person: Person,
  facts: readonly Fact<never>[],
  request: [method: string, path: string, asked?: Asked],
  { done, isFinal = false }: { done: readonly number[]; isFinal?: boolean },
): Promise<Answer | undefined> {
  for (const fact of facts) fact.doubt()
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const [method, path, asked] = request
    const answer = await world.client.ask(world.url, method, path, { headers: world.operator, ...asked })
    if (done.includes(answer.status)) {
      world.acknowledged += 1
      return answer
    }
    // A paused node may still make this change later and undo a change acknowledged meanwhile.
    if (answer.isLost && !isFinal) {
      person.isRetired = true
      return undefined
    }
    if (answer.status !== 503 && answer.status !== 0) {
      world.wrong(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      person.isRetired = true
      return undefined
    }
    await pause(200)
  }
  person.isRetired = true
  return undefined
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let made = 0

export async function newPerson(world: World): Promise<Person | undefined> {
  made += 1
  const { client, url, operator: headers } = world
  const name = `person ${made}`
  const user = await client.ask(url, 'POST', '/api/v2/users', { headers, json: { name } })
  if (user.status !== 201) return undefined
  const path = `/api/v2/users/${user.body.id}/password`
  const set = await client.ask(url, 'POST', path, { headers, json: { password: PASSWORD } })
  if (set.status !== 204) return undefined
  const person: Person = {
    id: user.body.id,
    name,
    sessions: [],
    tokens: [],
    status: new Fact('active'),
    membership: new Fact('stranger'),
    isRetired: false,
  }
  world.people.push(person)
  world.acknowledged += 2
  return person
}

export async function signIn(world: World, person: Person, isRemembered: boolean): Promise<void> {
  const path = `/api/v2/signin${isRemembered ? '?remember=true' : ''}`
  const same = person.status.watch()
  const answer = await world.client.ask(world.url, 'POST', path, { headers: basic(person.name) })
  if (answer.status === 204 && answer.cookie) {
    world.acknowledged += 1
    const isDoubtful = world.isRedisLosing && !isRemembered
    const fact = new Fact<'alive' | 'ended' | 'lost'>(isDoubtful ? 'lost' : 'alive')
    person.sessions.push({ cookie: answer.cookie, isRemembered, began: performance.now(), fact })
  } else if (same() && person.status.state === 'active' && answer.status !== 503 && answer.status !== 0) {
    world.wrong(`a sign-in: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
}

export async function signOut(world: World, person: Person): Promise<void> {
  const session = person.sessions.shift()
  if (!session) return
  session.fact.doubt()
  const headers = { cookie: session.cookie }
  const answer = await change(world, person, [], ['POST', '/api/v2/signout', { headers }], {
    done: [204, 401],
    isFinal: true,
  })
  if (!answer) return
  session.fact.settle('ended')
  world.endedSessions.push(session)
  await readSession(world, session, world.url)
}

export async function makeToken(world: World, person: Person): Promise<void> {
  const { client, url, operator: headers, orgID } = world
  const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
  const json = { orgID, userID: person.id, permissions }
  const { status, body } = await client.ask(url, 'POST', '/api/v2/authorizations', { headers, json })
  if (status !== 201) {
    if (status !== 503 && status !== 0) world.wrong(`creating a token: ${status} ${JSON.stringify(body)}`)
    return
  }
  world.acknowledged += 1
  const token: Token = { id: body.id, secret: body.token, fact: new Fact('works') }
  person.tokens.push(token)
  await readToken(world, person, token, world.url)
}

export async function deleteToken(world: World, person: Person): Promise<void> {
  const token = person.tokens.shift()
  if (!token) return
  const path = `/api/v2/authorizations/${token.id}`
  const final = { done: [204, 404], isFinal: true }
  if (!(await change(world, person, [token.fact as never], ['DELETE', path], final))) return
  token.fact.settle('deleted')
  world.deletedTokens.push(token)
  await readToken(world, person, token, world.url)
}

export async function join(world: World, person: Person): Promise<void> {
  const path = `/api/v2/orgs/${world.sharedOrgID}/members`
  const request: [string, string, Asked] = ['POST', path, { json: { id: person.id } }]
  // A request answered with 503 may have succeeded nevertheless, so the retry may get 422.
  if (!(await change(world, person, [person.membership as never], request, { done: [201, 422] }))) return
  person.membership.settle('member')
  await readShared(world, person, world.url)
}

export async function leave(world: World, person: Person): Promise<void> {
  const path = `/api/v2/orgs/${world.sharedOrgID}/members/${person.id}`
  if (!(await change(world, person, [person.membership as never], ['DELETE', path], { done: [204, 404] })))
    return
  person.membership.settle('stranger')
  await readShared(world, person, world.url)
}

/** Ends all of their sessions permanently. */
export async function deactivate(world: World, person: Person): Promise<void> {
  const sessions = person.sessions.splice(0)
  const facts = [person.status, ...sessions.map(({ fact }) => fact)] as unknown as Fact<never>[]
  const request: [string, string, Asked] = [
    'PATCH',
    `/api/v2/users/${person.id}`,
    { json: { status: 'inactive' } },
  ]
  if (!(await change(world, person, facts, request, { done: [200] }))) return
  person.status.settle('inactive')
  for (const session of sessions) session.fact.settle('ended')
  world.endedSessions.push(...sessions)
  for (const token of person.tokens.slice(0, 1)) await readToken(world, person, token, world.url)
  for (const session of sessions.slice(0, 1)) await readSession(world, session, world.url)
}

export async function activate(world: World, person: Person): Promise<void> {
  const path = `/api/v2/users/${person.id}`
  const request: [string, string, Asked] = ['PATCH', path, { json: { status: 'active' } }]
  if (!(await change(world, person, [person.status as never], request, { done: [200] }))) return
  person.status.settle('active')
}

/** Judges the response if the facts did not change meanwhile; returns its status. */
async function judged(
  world: World,
  base: string,
  path: string,
  headers: Record<string, string>,
  facts: readonly Fact<never>[],
  expected: { status: number | undefined; what: string },
  longestMs?: number,
): Promise<number> {
  const same = facts.map((fact) => fact.watch())
  const answer = await world.client.ask(base, 'GET', path, { headers, ...(longestMs ? { longestMs } : {}) })
  const { status } = answer
  if (expected.status === undefined || status === 503 || status === 0) return status
  if (status !== expected.status && same.every((each) => each())) {
    world.wrong(
      `${expected.what}: ${status} instead of ${expected.status} at ${base} (${JSON.stringify(answer.body).slice(0, 120)})`,
    )
  }
  return status
}

export async function readSession(
  world: World,
  session: Session,
  base: string,
  longestMs?: number,
): Promise<number> {
  const { fact, cookie, isRemembered } = session
  const state = fact.state
  const kind = isRemembered ? 'remembered session' : 'session'
  const age = `${((performance.now() - session.began) / 1000).toFixed(1)} s old`
  if (state === 'lost') {
    const same = fact.watch()
    const { status } = await world.client.ask(base, 'GET', '/api/v2/me', { headers: { cookie } })
    if (!same() || world.isRedisLosing || (status !== 200 && status !== 401)) return status
    // Either status is right, but from now on it must stay the same.
    fact.settle(status === 200 ? 'alive' : 'ended')
    if (status === 401) {
      world.excused += 1
      world.endedSessions.push(session)
    }
    return status
  }
  const expected = {
    status: state && (state === 'alive' ? 200 : 401),
    what: `a ${kind}, ${age}, that is ${state}`,
  }
  return judged(world, base, '/api/v2/me', { cookie }, [fact as never], expected, longestMs)
}

export function readToken(
  world: World,
  person: Person,
  token: Token,
  base: string,
  longestMs?: number,
): Promise<number> {
  const state = token.fact.state
  const inactive = person.status.state === 'inactive'
  const status = state && person.status.state && (state === 'deleted' ? 401 : inactive ? 403 : 200)
  const headers = { authorization: `Token ${token.secret}` }
  const what = `a token that is ${state}, of a user who is ${person.status.state}`
  const facts = [token.fact, person.status] as unknown as Fact<never>[]
  return judged(world, base, `/api/v2/orgs/${world.orgID}`, headers, facts, { status, what }, longestMs)
}

/** Reads what only members may read, with a session. */
export async function readShared(world: World, person: Person, base: string): Promise<number | undefined> {
  const session = person.sessions[0]
  if (session?.fact.state !== 'alive') return undefined
  const state = person.membership.state
  const facts = [session.fact, person.membership] as unknown as Fact<never>[]
  const expected = { status: state && (state === 'member' ? 200 : 401), what: `a ${state} who reads` }
  const headers = { cookie: session.cookie }
  return judged(world, base, `/api/v2/orgs/${world.sharedOrgID}`, headers, facts, expected)
}
