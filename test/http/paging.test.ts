/** Pages of lists, compared with a model that slices the whole list. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

interface Item {
  readonly id: string
  readonly name: string
}
interface Page {
  readonly limit?: number
  readonly offset?: number
  /** Index in the whole list after which to continue. */
  readonly after?: number
  readonly descending?: boolean
}

const RUNS = { numRuns: 60 }
const page = fc.record(
  {
    limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(20, 100)),
    offset: fc.integer({ min: -3, max: 40 }),
    after: fc.nat({ max: 24 }),
    descending: fc.boolean(),
  },
  { requiredKeys: [] },
)

let server: SetUpServer
let bob: { cookie: string }
let users: Item[]
let orgs: Item[]
let buckets: Item[]
let second: string

before(async () => {
  server = await startSetUp()
  const { ask } = server
  for (let n = 0; n < 24; n += 1) {
    // Names descend as ids ascend, so that the two orders cannot be confused.
    const name = String.fromCharCode(122 - n)
    await ask('POST', '/api/v2/users', { name: `user ${name}` })
    await ask('POST', '/api/v2/buckets', { name: `bucket ${name}`, orgID: server.orgID })
    if (n < 8) await ask('POST', '/api/v2/orgs', { name: `org ${name}` })
  }
  users = (await ask('GET', '/api/v2/users?limit=100')).json.users
  orgs = (await ask('GET', '/api/v2/orgs?limit=100')).json.orgs
  buckets = (await ask('GET', '/api/v2/buckets?limit=100')).json.buckets
  second = orgs[3]?.id ?? ''
  const bobID = users[1]?.id ?? ''
  await ask('POST', `/api/v2/users/${bobID}/password`, { password: 'password of bob' })
  await ask('POST', `/api/v2/orgs/${server.orgID}/members`, { id: bobID })
  bob = await server.session('user z', 'password of bob')
})
after(() => server.stop())

function pageOf(all: readonly Item[], { limit = 20, offset = 0, after, descending = false }: Page): string[] {
  const ordered = descending ? all.toReversed() : all
  const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === all[after % all.length]?.id) + 1
  const start = from + Math.max(offset, 0)
  return ordered.slice(start, start + limit).map(({ id }) => id)
}

function queryOf(all: readonly Item[], { after, ...rest }: Page): string {
  const pairs = Object.entries(rest).map(([key, value]) => [key, String(value)] as [string, string])
  if (after !== undefined) pairs.push(['after', all[after % all.length]?.id ?? ''])
  return new URLSearchParams(pairs).toString()
}

describe('a page is refused with', () => {
  const refusals: [string, string][] = [
    ['limit=0', 'limit must be between 1 and 100'],
    ['limit=-1', 'limit must be between 1 and 100'],
    ['limit=101', 'limit must be between 1 and 100'],
    ['limit=x', 'limit is invalid'],
    ['limit=1.5', 'limit is invalid'],
    ['limit=5x', 'limit is invalid'],
    ['offset=x', 'offset is invalid'],
    ['offset=0.5', 'offset is invalid'],
    ['descending=perhaps', 'descending is invalid'],
    ['after=zz', 'decoding after: id must have a length of 16 bytes'],
    ['after=0000000000000000', 'decoding after: invalid ID'],
  ]
  for (const [query, message] of refusals) {
    test(query, async () => {
      for (const list of ['users', 'orgs', 'buckets']) {
        const { status, json } = await server.ask('GET', `/api/v2/${list}?${query}`)
        assert.deepEqual([status, json], [400, { code: 'invalid', message }], list)
      }
    })
  }
})

test('descending is read as InfluxDB reads it, which accepts 1 and TRUE too', async () => {
  for (const [texts, isDescending] of [
    [['1', 't', 'T', 'TRUE', 'true', 'True'], true],
    [['0', 'f', 'F', 'FALSE', 'false', 'False', ''], false],
  ] as const) {
    for (const text of texts) {
      const { json } = await server.ask('GET', `/api/v2/users?limit=3&descending=${text}`)
      const ids = json.users.map(({ id }: Item) => id)
      assert.deepEqual(ids, pageOf(users, { limit: 3, descending: isDescending }), text)
    }
  }
})

describe('a page holds the requested items of', () => {
  const lists: [string, string, () => Item[]][] = [
    ['users', 'users', () => users],
    ['organizations', 'orgs', () => orgs],
    ['buckets', 'buckets', () => buckets],
  ]
  for (const [title, list, all] of lists) {
    test(title, async () => {
      await fc.assert(
        fc.asyncProperty(page, async (asked) => {
          const { json } = await server.ask('GET', `/api/v2/${list}?${queryOf(all(), asked)}`)
          assert.deepEqual(
            json[list].map(({ id }: Item) => id),
            pageOf(all(), asked),
          )
        }),
        RUNS,
      )
    })
  }

  test('the buckets of one organization, by name', async () => {
    const own = buckets.filter((each) => orgOf(each) === server.orgID)
    const byName = own.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    await fc.assert(
      fc.asyncProperty(page, async (asked) => {
        const path = `/api/v2/buckets?orgID=${server.orgID}&${queryOf(byName, asked)}`
        const { json } = await server.ask('GET', path)
        assert.deepEqual(
          json.buckets.map(({ id }: Item) => id),
          pageOf(byName, asked),
        )
      }),
      RUNS,
    )
  })

  test('the buckets that a member may read, as if the others did not exist', async () => {
    const readable = buckets.filter((each) => orgOf(each) === server.orgID)
    assert.ok(readable.length < buckets.length)
    await fc.assert(
      fc.asyncProperty(page, async (asked) => {
        const { json } = await server.ask(
          'GET',
          `/api/v2/buckets?${queryOf(readable, asked)}`,
          undefined,
          bob,
        )
        assert.deepEqual(
          json.buckets.map(({ id }: Item) => id),
          pageOf(readable, asked),
        )
      }),
      RUNS,
    )
  })
})

describe('the links of buckets', () => {
  test('repeat the query, its keys in alphabetical order', async () => {
    const path = `/api/v2/buckets?orgID=${second}&name=_tasks&limit=3`
    const { json } = await server.ask('GET', path)
    const self = `/api/v2/buckets?bucket=_tasks&descending=false&limit=3&offset=0&orgID=${second}`
    assert.deepEqual(json.links, { self })
  })

  test('state the defaults of omitted parameters, and a negative offset as 0', async () => {
    const { json } = await server.ask('GET', '/api/v2/buckets?offset=-7')
    assert.equal(json.links.self, '/api/v2/buckets?descending=false&limit=20&offset=0')
  })

  test('lead forward while there is more, and back to the previous page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 15 }), fc.boolean(), async (limit, descending) => {
        const seen: string[] = []
        let previous: string | undefined
        let next: string | undefined = `/api/v2/buckets?limit=${limit}&descending=${descending}`
        while (next) {
          const { json } = await server.ask('GET', next)
          assert.equal(json.links.prev, previous)
          assert.equal('next' in json.links, json.buckets.length === limit)
          seen.push(...json.buckets.map(({ id }: Item) => id))
          previous = json.links.self
          next = json.links.next
        }
        assert.deepEqual(seen, pageOf(buckets, { limit: 100, descending }))
      }),
      { numRuns: 15 },
    )
  })
})

test('authorizations are never paged', async () => {
  const permissions = [{ action: 'read', resource: { type: 'buckets' } }]
  for (let n = 0; n < 25; n += 1) {
    await server.ask('POST', '/api/v2/authorizations', { orgID: server.orgID, permissions })
  }
  const { json } = await server.ask('GET', '/api/v2/authorizations?limit=2&offset=1')
  assert.equal(json.authorizations.length, 26)
})

function orgOf(bucket: Item): string {
  return (bucket as Item & { orgID: string }).orgID
}
