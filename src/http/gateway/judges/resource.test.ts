import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type ArrivalOptions, arrivalOf } from '../../../../test/support/arrival.ts'
import { bothOf, createGatewayWorld } from '../../../../test/support/gateway-world.ts'
import { refused } from '../../../../test/support/refused.ts'
import { callerWith, NOBODY } from '../../../../test/support/world.ts'
import { membershipPermissions } from '../../../domain/access/grants.ts'
import { compilePermissions } from '../../../domain/access/permission-set.ts'
import type { Caller } from '../../../domain/access/principal.ts'
import type { ID } from '../../../domain/base/id.ts'
import { INSTANCE_ID } from '../../../domain/records/membership.ts'
import { judgeOperator } from './operator.ts'
import { judgeResource, refuse } from './resource.ts'

const TASK = '00000000000dd001' as ID

async function setUp() {
  const world = await createGatewayWorld()
  const { deps, a, b, tokenOf } = world
  const owner = (...orgIDs: readonly ID[]): Caller =>
    callerWith(
      compilePermissions(
        orgIDs.flatMap((resourceID) =>
          membershipPermissions({ userID: NOBODY, resourceType: 'orgs', resourceID, role: 'owner' }),
        ),
      ),
    )
  const judge = judgeResource(deps)
  const ask = (caller: Caller, method: string, target: string, options?: ArrivalOptions) =>
    judge(arrivalOf(caller, method, target, options))
  return {
    ...{ ...world, ask, judge },
    ownerOfBoth: owner(a.orgID, b.orgID),
    ownerOfA: owner(a.orgID),
    nobody: callerWith(compilePermissions([])),
    token: tokenOf(b.orgID, ...bothOf('tasks', b.orgID)),
  }
}

suite('the organization of a request', () => {
  test('is the one in its query', async () => {
    const { ask, ownerOfBoth, b } = await setUp()
    for (const query of [`orgID=${b.orgID}`, 'org=b', `org=${b.orgID}`, `org=b&orgID=${b.orgID}`]) {
      assert.equal((await ask(ownerOfBoth, 'GET', `/api/v2/tasks?${query}`)).orgID, b.orgID)
    }
    await refused(() => ask(ownerOfBoth, 'GET', '/api/v2/tasks?org=c'), 'not found')
    await refused(() => ask(ownerOfBoth, 'GET', `/api/v2/tasks?org=a&orgID=${b.orgID}`), 'invalid')
  })

  test('is the one in its path, or that of its bucket', async () => {
    const { ask, ownerOfBoth, b } = await setUp()
    const { orgID } = await ask(ownerOfBoth, 'GET', `/api/v2/orgs/${b.orgID}/secrets?orgID=x`)
    assert.equal(orgID, b.orgID)
    assert.equal((await ask(ownerOfBoth, 'GET', `/api/v2/buckets/${b.bucketID}/labels`)).orgID, b.orgID)
    await refused(() => ask(ownerOfBoth, 'GET', `/api/v2/orgs/${NOBODY}/secrets`), 'not found')
    await refused(() => ask(ownerOfBoth, 'GET', '/api/v2/orgs/b/secrets'), 'invalid')
    await refused(() => ask(ownerOfBoth, 'GET', `/api/v2/buckets/${NOBODY}/labels`), 'not found')
    await refused(() => ask(ownerOfBoth, 'GET', '/api/v2/buckets/x/labels'), 'invalid')
  })

  test('is the one in its body', async () => {
    const { ask, ownerOfBoth, ownerOfA, a, b } = await setUp()
    const post = (body: string, caller = ownerOfBoth) => ask(caller, 'POST', '/api/v2/labels', { body })
    assert.equal((await post(JSON.stringify({ orgID: b.orgID }))).orgID, b.orgID)
    assert.equal((await post('{"org":"b"}')).orgID, b.orgID)
    assert.equal((await post('{"name":"x"}', ownerOfA)).orgID, a.orgID)
    assert.equal((await post('{"orgID":"","org":7}', ownerOfA)).orgID, a.orgID)
    await refused(() => post(JSON.stringify({ orgID: NOBODY })), 'not found')
    await refused(() => post('no json'), 'invalid')
  })

  test('is that of its resource, for who belongs to several', async () => {
    const { ask, ownerOfBoth, ownerOfA, resources, asked, a, b } = await setUp()
    resources.set(`tasks ${TASK}`, { orgID: b.orgID, ownerID: undefined })
    const path = `/api/v2/tasks/${TASK}/labels`
    assert.equal((await ask(ownerOfBoth, 'GET', path)).orgID, b.orgID)
    assert.equal(
      (
        await ask(
          ownerOfBoth,
          'GET',
          path.toUpperCase().replace('/API/V2/TASKS', '/api/v2/tasks').replace('LABELS', 'labels'),
        )
      ).orgID,
      b.orgID,
    )
    assert.deepEqual(asked, [`tasks ${TASK}`, `tasks ${TASK}`])
    assert.equal((await ask(ownerOfA, 'GET', path)).orgID, a.orgID, 'upstream refuses it')
    assert.equal(asked.length, 2)
    assert.ok((await ask(ownerOfBoth, 'GET', `/api/v2/tasks/${NOBODY}`)).orgID)
    assert.ok((await ask(ownerOfBoth, 'GET', '/api/v2/tasks/x')).orgID, 'upstream says what is wrong')
  })

  test('is that of the token, else the first of the user’s', async () => {
    const { ask, token, ownerOfBoth, a, b } = await setUp()
    assert.equal((await ask(token, 'GET', '/api/v2/tasks')).orgID, b.orgID)
    assert.equal((await ask(ownerOfBoth, 'GET', '/api/v2/tasks')).orgID, a.orgID)
  })

  test('is any for an operator, and none for who belongs to none', async () => {
    const { ask, nobody, operator } = await setUp()
    const alone = callerWith(
      compilePermissions(
        membershipPermissions({
          ...{ userID: NOBODY, resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' },
        }),
      ),
    )
    assert.equal((await ask(alone, 'GET', '/api/v2/dashboards')).orgID, operator.orgID)
    await refused(() => ask(nobody, 'GET', '/api/v2/dashboards'), 'unauthorized', /belong to no organization/)
  })

  test('is that of the resource also for who belongs to none, such as the owner of a bucket', async () => {
    const { ask, nobody, resources, b } = await setUp()
    resources.set(`dashboards ${TASK}`, { orgID: b.orgID, ownerID: undefined })
    assert.equal((await ask(nobody, 'GET', `/api/v2/dashboards/${TASK}`)).orgID, b.orgID)
  })
})

suite('what goes upstream', () => {
  test('is the request as it came, without credentials in its query', async () => {
    const { ask, ownerOfA } = await setUp()
    const target = '/api/v2/tasks?limit=5&u=ada&after=%C3%A4+b&p=secret&id=1&id=2'
    const outgoing = await ask(ownerOfA, 'GET', target)
    assert.equal(outgoing.target, '/api/v2/tasks?limit=5&after=%C3%A4%20b&id=1&id=2')
    assert.equal(outgoing.body, undefined)
    const posted = await ask(ownerOfA, 'POST', '/api/v2/labels/', { body: '{ "name": "x" }' })
    assert.equal(posted.target, '/api/v2/labels')
    assert.equal(String(posted.body), '{ "name": "x" }')
    assert.equal(posted.contentType, undefined)
  })

  test('is no large body', async () => {
    const { ask, ownerOfA } = await setUp()
    const body = ' '.repeat(1_048_577)
    await refused(() => ask(ownerOfA, 'POST', '/api/v2/labels', { body }), 'request too large')
  })
})

suite('what tells of the whole server', () => {
  test('is for operators', async () => {
    const { judge, operator, ownerOfA } = await setUp()
    const config = (caller: Caller) => () => judgeOperator(judge)(arrivalOf(caller, 'GET', '/api/v2/config'))
    assert.equal((await config(operator.caller)()).target, '/api/v2/config')
    await refused(config(ownerOfA), 'unauthorized', 'read:instance is unauthorized')
  })

  test('or replaces it goes through no gateway', () =>
    assert.rejects(refuse(), { code: 'forbidden', reason: 'not-through-gateway' }))
})
