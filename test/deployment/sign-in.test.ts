/** Which organization a sign-in selects, and which sign-ins are refused, in both deployments. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cookieOf } from '../support/http.ts'
import { createWorld, DEPLOYMENTS, namesIn, type World } from './world.ts'

/** The organization selected in `cloud`; undefined if the sign-in is refused. `oss` ignores the query. */
const cases: { name: string; who: string; query?: string; oss: string[]; cloud: string | undefined }[] = [
  { name: 'no membership at all', who: 'eve', oss: [], cloud: undefined },
  { name: 'membership of a bucket only', who: 'frank', oss: [], cloud: undefined },
  {
    name: 'a foreign organization by name',
    who: 'bob',
    query: '?org=third',
    oss: both(),
    cloud: undefined,
  },
  {
    name: 'a foreign organization by id',
    who: 'bob',
    query: '?orgID={{third}}',
    oss: both(),
    cloud: undefined,
  },
  {
    name: 'an unknown organization by name',
    who: 'bob',
    query: '?org=fourth',
    oss: both(),
    cloud: undefined,
  },
  {
    name: 'an unknown organization by id',
    who: 'bob',
    query: '?orgID=00000000000000ff',
    oss: both(),
    cloud: undefined,
  },
  { name: 'a malformed id', who: 'bob', query: '?orgID=second', oss: both(), cloud: undefined },
  {
    name: 'the id of a bucket that the user belongs to',
    who: 'dora',
    query: '?orgID={{metrics}}',
    oss: ['analytics'],
    cloud: undefined,
  },
  {
    name: 'the instance, which the user owns',
    who: 'ada',
    query: '?orgID=0000000000000001',
    oss: all(),
    cloud: undefined,
  },
  {
    name: 'an organization that the owner of the instance has left',
    who: 'ada',
    query: '?org=third',
    oss: all(),
    cloud: undefined,
  },
  {
    name: 'a foreign id together with an own name',
    who: 'bob',
    query: '?orgID={{third}}&org=second',
    oss: both(),
    cloud: undefined,
  },
  { name: 'an empty name: the first membership', who: 'bob', oss: both(), cloud: 'analytics' },
  {
    name: 'nothing in the query: the first membership',
    who: 'bob',
    query: '?orgID=&org=',
    oss: both(),
    cloud: 'analytics',
  },
  { name: 'the second by name', who: 'bob', query: '?org=second', oss: both(), cloud: 'second' },
  { name: 'the second by id', who: 'bob', query: '?orgID={{second}}', oss: both(), cloud: 'second' },
  {
    name: 'an id and another name: the id counts',
    who: 'bob',
    query: '?orgID={{second}}&org=analytics',
    oss: both(),
    cloud: 'second',
  },
  { name: 'the first membership of the owner of the instance', who: 'ada', oss: all(), cloud: 'analytics' },
]

function both(): string[] {
  return ['analytics', 'second']
}
function all(): string[] {
  return ['analytics', 'second', 'third']
}

for (const deployment of DEPLOYMENTS) {
  describe(`deployment ${deployment}: signing in with`, () => {
    let world: World
    before(async () => {
      world = await createWorld(deployment)
    })
    after(() => world.stop())

    for (const { name, who, query, ...expected } of cases) {
      const sees = deployment === 'oss' ? expected.oss : expected.cloud && [expected.cloud]
      test(`${name}: ${sees ? `sees ${sees.join(' and ') || 'none'}` : 'is refused'}`, async () => {
        const received = await world.signIn(who, query)
        if (!sees) {
          assert.equal(received.status, 401)
          assert.deepEqual(received.json, { code: 'unauthorized', message: 'unauthorized access' })
          assert.equal(received.headers['set-cookie'], undefined)
          return
        }
        assert.equal(received.status, 204, received.text)
        const orgs = await world.ask({ cookie: cookieOf(received) }, { method: 'GET', path: '/api/v2/orgs' })
        assert.deepEqual(namesIn(orgs, world.ids), sees)
      })
    }

    test('the id in upper case is the same id', async () => {
      const id = world.ids.get('second')?.toUpperCase()
      const orgs = await world.ask(await world.session('bob', `?orgID=${id}`), {
        method: 'GET',
        path: '/api/v2/orgs',
      })
      assert.deepEqual(namesIn(orgs, world.ids), deployment === 'oss' ? both() : ['second'])
    })

    test('the wrong password is refused, whichever organization is named', async () => {
      for (const query of ['', '?org=analytics', '?org=third', '?org=fourth']) {
        const received = await world.signIn('ada', query, 'password of bob')
        assert.equal(received.status, 401)
        assert.deepEqual(received.json, { code: 'unauthorized', message: 'unauthorized access' })
      }
    })
  })
}
