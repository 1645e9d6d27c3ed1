import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createExternal } from '../../../test/support/external-tokens.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { may, NOBODY_ID, type Principal } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import { type Action, permission } from '../records/permission.ts'

async function setUp(gives = 'lab/engine:read', more: readonly { subject: string; gives: string }[] = []) {
  const world = await createWorld()
  const { caller } = await world.addOperator()
  const { id: orgID } = await world.organizations.create(caller, { name: 'lab' })
  const { id: bucketID } = await world.buckets.create(caller, { orgID, name: 'engine' })
  const external = await createExternal(world, [{ subject: 'agent', gives }, ...more])
  const { tokens } = external
  /** As a request asks: what is known, else in full. */
  const ask = async (token: string) => tokens.known(token) ?? tokens.of(token, ORIGIN)
  return { ...world, ...external, world, caller, orgID, bucketID, ask }
}

const mayBucket = (principal: Principal, action: Action, id: ID, orgID: ID) =>
  may(principal, permission(action, 'buckets', { id, orgID }))

suite('a token of an outside issuer', () => {
  test('has no user, ends, and gives nothing away', async () => {
    const { ask, sign, clock, orgID, bucketID } = await setUp()
    const principal = await ask(await sign())
    assert.equal(principal.kind, 'token')
    assert.deepEqual(principal.user, { id: NOBODY_ID, name: 'lab:agent', status: 'active' })
    assert.deepEqual(principal.external, { issuer: 'lab', subject: 'agent' })
    assert.equal(principal.authorizationOrgID, orgID)
    assert.equal(principal.authorizationID, undefined)
    assert.equal(principal.endsAt, (Math.floor(clock.now() / 1000) + 3600) * 1000)
    assert.ok(mayBucket(principal, 'read', bucketID, orgID))
    assert.ok(!mayBucket(principal, 'write', bucketID, orgID))
    assert.ok(!principal.lasting.allows(permission('read', 'buckets', { id: bucketID, orgID })))
  })

  test('is checked once, and then the same principal at once', async () => {
    const { tokens, ask, sign, counted, audited } = await setUp()
    const token = await sign()
    const [first, again] = await Promise.all([tokens.of(token, ORIGIN), tokens.of(token, ORIGIN)])
    assert.equal(first, again)
    assert.equal(tokens.known(token), first)
    assert.equal(await ask(token), first)
    assert.deepEqual(counted, ['lab accepted'])
    assert.equal((await audited({ event: 'external-token.use' })).length, 1)
  })

  test('ends with its exp, and an expired one is known as such without its keys', async () => {
    const { tokens, ask, sign, clock, counted, reads } = await setUp()
    const token = await sign({ exp: Math.floor(clock.now() / 1000) + 60 })
    await ask(token)
    clock.forward(95_000)
    assert.equal(tokens.known(token), undefined)
    await assert.rejects(ask(token), { code: 'unauthorized', reason: 'token-expired' })
    // The clock is set back.
    clock.forward(-90_000)
    await assert.rejects(ask(token), { reason: 'token-expired' })
    reads.fails = true
    clock.forward(8 * 60_000)
    await assert.rejects(ask(token), { reason: 'token-expired' })
    await assert.rejects(ask(await sign()), { code: 'unavailable', reason: 'token-issuer-away' })
    assert.deepEqual(counted, [
      ...['lab accepted', 'lab expired', 'lab expired', 'lab expired', 'lab issuer-away'],
    ])
  })

  test('that no rule is about is forbidden, is known as such, and is in the audit log', async () => {
    const { tokens, ask, sign, audited, counted, reads } = await setUp()
    const token = await sign({ sub: 'other' })
    for (let n = 0; n < 3; n += 1) {
      await assert.rejects(ask(token), { code: 'forbidden', reason: 'no-rule-for-token' })
    }
    assert.equal(tokens.known(token), undefined)
    assert.equal(reads.count, 1)
    assert.deepEqual(counted, Array(3).fill('lab no-rule'))
    const [event, ...more] = await audited({ event: 'external-token.use' })
    assert.deepEqual(more, [])
    assert.deepEqual([event?.outcome, event?.count, event?.actor.userName], ['refused', 3, 'lab:other'])
  })

  test('does not count without its event in the audit log', async () => {
    const { tokens, sign, store } = await setUp()
    const token = await sign()
    await store.close()
    await assert.rejects(tokens.of(token, ORIGIN))
    assert.equal(tokens.known(token), undefined)
  })
})

suite('what rules give', () => {
  test('is all that the matching ones give, and no organization where it is in several', async () => {
    const { ask, sign, world, caller, bucketID, orgID } = await setUp('lab/engine:read', [
      { subject: 'agent', gives: 'lab/engine:write other/*:read' },
      { subject: 'agents', gives: 'lab/*:write' },
    ])
    const { id: otherID } = await world.organizations.create(caller, { name: 'other' })
    const principal = await ask(await sign())
    assert.ok(mayBucket(principal, 'read', bucketID, orgID))
    assert.ok(mayBucket(principal, 'write', bucketID, orgID))
    assert.ok(may(principal, permission('read', 'buckets', { orgID: otherID })))
    assert.ok(!may(principal, permission('write', 'buckets', { orgID })))
    assert.equal(principal.authorizationOrgID, undefined)
  })

  test('is nothing for what does not exist, with one warning', async () => {
    const { ask, sign, lines, orgID, bucketID, world, caller } = await setUp(
      'gone/engine:read lab/gone:write',
    )
    for (let n = 0; n < 3; n += 1) {
      const principal = await ask(await sign({ jti: String(n) }))
      assert.ok(!mayBucket(principal, 'read', bucketID, orgID))
    }
    const warnings = lines.filter(({ message }) => message.includes('external tokens'))
    assert.deepEqual(
      warnings.map(({ fields }) => fields?.missing),
      ['organization gone', 'bucket gone in lab'],
    )
    const token = await sign()
    await ask(token)
    const { id } = await world.buckets.create(caller, { orgID, name: 'gone' })
    assert.ok(mayBucket(await ask(token), 'write', id, orgID))
  })

  test('ends with the bucket or organization, and does not pass to one of another name', async () => {
    const { ask, sign, world, caller, orgID, bucketID } = await setUp()
    const token = await sign()
    assert.ok(mayBucket(await ask(token), 'read', bucketID, orgID))
    await world.buckets.update(caller, bucketID, { name: 'renamed' })
    assert.ok(!mayBucket(await ask(token), 'read', bucketID, orgID))
    await world.buckets.update(caller, bucketID, { name: 'engine' })
    assert.ok(mayBucket(await ask(token), 'read', bucketID, orgID))
    await world.organizations.update(caller, orgID, { name: 'renamed' })
    assert.ok(!mayBucket(await ask(token), 'read', bucketID, orgID))
    await world.organizations.update(caller, orgID, { name: 'lab' })
    await world.organizations.remove(caller, orgID)
    const left = await ask(token)
    assert.ok(!mayBucket(left, 'read', bucketID, orgID))
    assert.equal(left.authorizationOrgID, undefined)
  })

  test('is looked up again after a second, since other nodes change it too', async () => {
    const { ask, sign, store, clock, orgID, bucketID } = await setUp()
    const token = await sign()
    assert.ok(mayBucket(await ask(token), 'read', bucketID, orgID))
    const bucket = await store.buckets.byID(bucketID)
    assert.ok(bucket)
    await store.buckets.update({ ...bucket, name: 'by another node' })
    assert.ok(mayBucket(await ask(token), 'read', bucketID, orgID))
    clock.forward(1000)
    assert.ok(!mayBucket(await ask(token), 'read', bucketID, orgID))
  })

  test('keeps the same principal while it stays the same', async () => {
    const { ask, sign, world, caller, clock, orgID } = await setUp()
    const token = await sign()
    const before = await ask(token)
    await world.buckets.create(caller, { orgID, name: 'another' })
    clock.forward(5000)
    assert.equal(await ask(token), before)
  })
})
