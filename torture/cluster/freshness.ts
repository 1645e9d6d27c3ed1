/**
 * Tries to see access that a change removed, or to miss access that it granted: one node acknowledges a change, and
 * immediately all nodes are asked by cookie and by token. A seed determines what changes and where.
 */
import { basic, PASSWORD } from '../server.ts'
import type { Answer, Client } from './client.ts'
import { createRandom, type Random } from './random.ts'

export interface FreshnessResult {
  readonly tries: number
  readonly requests: number
  readonly unavailable: number
  readonly stale: string[]
  /** How often each kind of change was made. */
  readonly kinds: Record<string, number>
}

interface IDs {
  readonly operator: Record<string, string>
  readonly orgID: string
  readonly sharedOrgID: string
}

interface Subject {
  readonly id: string
  readonly name: string
  cookie: string
  tokenID: string
  secret: string
  isMember: boolean
  isTokenActive: boolean
}

/** The expected answer of all nodes to each of three requests. */
interface Expected {
  readonly me: number
  readonly shared: number
  readonly token: number
}

export async function freshness(options: {
  client: Client
  urls: readonly string[]
  world: IDs
  tries: number
  seed: number
  /** The number of users tested concurrently. */
  workers: number
  /** No new change begins after this many milliseconds. */
  withinMs?: number
}): Promise<FreshnessResult> {
  const { client, urls, world, tries, seed, workers, withinMs = Number.POSITIVE_INFINITY } = options
  const end = performance.now() + withinMs
  const { operator, orgID, sharedOrgID } = world
  const result = {
    tries: 0,
    requests: 0,
    unavailable: 0,
    stale: [] as string[],
    kinds: {} as Record<string, number>,
  }

  /** A request to that node, retried while the node is unavailable. */
  async function must(
    url: string,
    method: string,
    path: string,
    done: number,
    { headers = operator, json }: { headers?: Record<string, string>; json?: unknown } = {},
  ): Promise<Answer> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const answer = await client.ask(url, method, path, { headers, ...(json === undefined ? {} : { json }) })
      if (answer.status === done || (attempt > 0 && [404, 422].includes(answer.status))) return answer
      if (answer.status !== 503) {
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      result.unavailable += 1
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`${method} ${path} stays unavailable`)
  }

  async function signIn(url: string, subject: Subject): Promise<void> {
    const answer = await must(url, 'POST', '/api/v2/signin', 204, { headers: basic(subject.name) })
    subject.cookie = answer.cookie ?? ''
  }
  async function makeToken(url: string, subject: Subject): Promise<void> {
    const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
    const json = { orgID, userID: subject.id, permissions }
    const { body } = await must(url, 'POST', '/api/v2/authorizations', 201, { json })
    subject.tokenID = body.id
    subject.secret = body.token
    subject.isTokenActive = true
  }

  /**
   * By kind: its weight, and a function that makes the change at that node and returns where the expected answers then
   * differ from the usual ones.
   */
  function changes(
    subject: Subject,
  ): Record<string, { weight: number; run(url: string): Promise<Partial<Expected>> }> {
    const member = `/api/v2/orgs/${sharedOrgID}/members`
    return {
      membership: {
        weight: 35,
        async run(url) {
          if (subject.isMember) await must(url, 'DELETE', `${member}/${subject.id}`, 204)
          else await must(url, 'POST', member, 201, { json: { id: subject.id } })
          subject.isMember = !subject.isMember
          return {}
        },
      },
      'token status': {
        weight: 35,
        async run(url) {
          const json = { status: subject.isTokenActive ? 'inactive' : 'active' }
          await must(url, 'PATCH', `/api/v2/authorizations/${subject.tokenID}`, 200, { json })
          subject.isTokenActive = !subject.isTokenActive
          return {}
        },
      },
      'token deleted': {
        weight: 12,
        async run(url) {
          await must(url, 'DELETE', `/api/v2/authorizations/${subject.tokenID}`, 204)
          subject.tokenID = ''
          return { token: 401 }
        },
      },
      'user status': {
        weight: 8,
        async run(url) {
          await must(url, 'PATCH', `/api/v2/users/${subject.id}`, 200, { json: { status: 'inactive' } })
          return { me: 401, shared: 401, token: subject.isTokenActive ? 403 : 401 }
        },
      },
      'sign-out': {
        weight: 5,
        async run(url) {
          await must(url, 'POST', '/api/v2/signout', 204, { headers: { cookie: subject.cookie } })
          return { me: 401, shared: 401 }
        },
      },
      'all sessions ended': {
        weight: 5,
        async run(url) {
          await must(url, 'DELETE', `/api/v2/users/${subject.id}/sessions`, 204)
          return { me: 401, shared: 401 }
        },
      },
    }
  }

  const questions = (subject: Subject) =>
    [
      ['me', '/api/v2/me', { cookie: subject.cookie }],
      ['shared', `/api/v2/orgs/${sharedOrgID}`, { cookie: subject.cookie }],
      ['token', `/api/v2/orgs/${orgID}`, { authorization: `Token ${subject.secret}` }],
    ] as const

  async function look(subject: Subject, kind: string, expected: Expected): Promise<void> {
    await Promise.all(
      urls.flatMap((url, node) =>
        questions(subject).map(async ([question, path, headers]) => {
          const { status, body } = await client.ask(url, 'GET', path, { headers })
          result.requests += 1
          if (status === 503) result.unavailable += 1
          else if (status !== expected[question]) {
            const found = `${status} instead of ${expected[question]} (${JSON.stringify(body).slice(0, 120)})`
            result.stale.push(`after ${kind}, ${question} on node ${node + 1}: ${found}`)
          }
        }),
      ),
    )
  }

  /** Requests concurrent with the change. Any answer is right, but none may leave stale data in a cache. */
  function race(subject: Subject): Promise<unknown> {
    return Promise.all(
      urls.flatMap((url) =>
        questions(subject).map(([, path, headers]) => client.ask(url, 'GET', path, { headers })),
      ),
    )
  }

  async function work(worker: number): Promise<void> {
    const random = createRandom(seed + worker)
    const name = `fresh ${seed} ${worker}`
    const [first = ''] = urls
    const { body } = await must(first, 'POST', '/api/v2/users', 201, { json: { name } })
    await must(first, 'POST', `/api/v2/users/${body.id}/password`, 204, { json: { password: PASSWORD } })
    const unset = { cookie: '', tokenID: '', secret: '', isMember: false, isTokenActive: true }
    const subject: Subject = { id: body.id, name, ...unset }
    await signIn(first, subject)
    await makeToken(first, subject)
    const kinds = changes(subject)
    while (result.tries < tries && performance.now() < end) {
      result.tries += 1
      const kind = weighted(random, kinds)
      result.kinds[kind] = (result.kinds[kind] ?? 0) + 1
      const racing = race(subject)
      const changed = (await kinds[kind]?.run(random.pick(urls))) ?? {}
      const expected = {
        me: 200,
        shared: subject.isMember ? 200 : 401,
        token: subject.isTokenActive ? 200 : 401,
        ...changed,
      }
      await look(subject, kind, expected)
      await racing
      if (random.chance(0.3)) await look(subject, `${kind}, a little later`, expected)
      if (kind === 'user status') {
        const path = `/api/v2/users/${subject.id}`
        await must(random.pick(urls), 'PATCH', path, 200, { json: { status: 'active' } })
        await look(subject, 'user active again', { ...expected, token: subject.isTokenActive ? 200 : 401 })
      }
      if (changed.me === 401) await signIn(random.pick(urls), subject)
      if (subject.tokenID === '') await makeToken(random.pick(urls), subject)
    }
  }

  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return result
}

function weighted(random: Random, kinds: Record<string, { weight: number }>): string {
  const entries = Object.entries(kinds)
  let left = random.below(entries.reduce((sum, [, { weight }]) => sum + weight, 0))
  for (const [name, { weight }] of entries) {
    if (left < weight) return name
    left -= weight
  }
  return entries[0]?.[0] ?? ''
}
