import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import { ada, outside, rules } from '../../../test/support/outside.ts'
import { createWorld, NOBODY, ORIGIN, type World, type WorldOptions } from '../../../test/support/world.ts'
import { type Caller, may } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import { permission } from '../records/permission.ts'
import type { WhichLogin } from './asked-login.ts'
import { createUserCode, hashOfUserCode } from './user-code.ts'

const HOUR = 3600_000
const REDIRECT = 'http://127.0.0.1:49152/'

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    assert.ok(error instanceof SluiceError, String(error))
    return error.reason ?? error.code
  }
}

/** Ada is an owner of the lab, and Bob a member. */
async function labWorld(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const lab = await world.organizations.create(operator.caller, { name: 'lab' })
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  const member = (userID: ID, role: 'owner' | 'member') =>
    world.memberships.add(operator.caller, { type: 'orgs', id: lab.id }, role, userID)
  await member(ada, 'owner')
  await member(bob, 'member')
  return { ...world, operator, lab, ada, bob, ...logins(world) }
}

function logins(world: World) {
  const { commandLineLogins } = world
  return {
    async session(userID: ID): Promise<Caller> {
      return world.asSession((await world.startSession(userID)).key)
    },
    async begin(host = 'laptop') {
      const verifier = randomBytes(32).toString('base64url')
      const challenge = hash('sha256', verifier, 'base64url')
      const asked = { host, redirectUri: REDIRECT, state: 'a state of the command', challenge }
      const { request } = await commandLineLogins.beginLoopback(asked, ORIGIN)
      return { verifier, which: { request } as WhichLogin }
    },
    async beginDevice(host = 'server') {
      const begun = await commandLineLogins.beginDevice({ host }, ORIGIN)
      const { userCode } = begun
      return { ...begun, which: { userCode } as WhichLogin }
    },
    async approve(caller: Caller, which: WhichLogin, orgID: ID | undefined, isReadOnly = false) {
      const back = await commandLineLogins.approve(caller, which, { orgID, isReadOnly })
      return back === undefined ? '' : (new URL(back).searchParams.get('code') ?? '')
    },
    redeem: (code: string, verifier: string) => commandLineLogins.redeem(code, verifier, ORIGIN),
    poll: (deviceCode: string) => commandLineLogins.poll(deviceCode, ORIGIN),
  }
}

suite('with the browser on the same machine', () => {
  test('gives a token with an end and the rights of the session, once', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const { which, verifier } = await world.begin()
    const shown = await world.commandLineLogins.look(caller, which)
    assert.deepEqual(
      [shown.login.host, shown.login.address, shown.choices.isOperator],
      ['laptop', ORIGIN.address, false],
    )
    assert.deepEqual(shown.choices.organizations, [{ id: world.lab.id, name: 'lab' }])
    const back = await world.commandLineLogins.approve(caller, which, {
      orgID: world.lab.id,
      isReadOnly: false,
    })
    assert.ok(back?.startsWith(REDIRECT))
    const { code = '', state } = Object.fromEntries(new URL(back ?? '').searchParams)
    assert.equal(state, 'a state of the command')
    const made = await world.redeem(code, verifier)
    assert.deepEqual(
      [made.userName, made.orgName, Date.parse(made.expiresAt)],
      ['ada', 'lab', world.clock.at + 12 * HOUR],
    )
    const { principal } = await world.asToken(made.token)
    assert.equal(principal.authorizationDescription, 'sluice login on laptop')
    assert.ok(may(principal, permission('write', 'buckets', { orgID: world.lab.id })))
    assert.ok(!may(principal, permission('read', 'buckets', { orgID: world.operator.orgID })))
    assert.ok(!may(principal, permission('read', 'instance')))
    assert.equal(await reasonOf(world.redeem(code, verifier)), 'login-invalid')
    assert.equal(await reasonOf(world.approve(caller, which, world.lab.id)), 'login-invalid')
    world.clock.forward(12 * HOUR)
    assert.equal(await reasonOf(world.asToken(made.token)), 'token-expired')
  })

  test('the code counts for a minute, with its own verifier only', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const [one, other] = [await world.begin(), await world.begin()]
    const code = await world.approve(caller, one.which, world.lab.id)
    assert.equal(await reasonOf(world.redeem(code, other.verifier)), 'login-invalid')
    assert.equal(await reasonOf(world.redeem(`${code}x`, one.verifier)), 'login-invalid')
    // A wrong verifier does not use the code up.
    await world.redeem(code, one.verifier)
    const late = await world.approve(caller, other.which, world.lab.id)
    world.clock.forward(60_000)
    assert.equal(await reasonOf(world.redeem(late, other.verifier)), 'login-invalid')
    const refused = await world.audited({ event: 'command-line.token' })
    assert.deepEqual(
      refused.map(({ outcome, count }) => [outcome, count]),
      [
        ['refused', 2],
        ['refused', 1],
      ],
    )
  })

  test('one that asks for a device, and a code of the other way, are not taken for each other', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const device = await world.beginDevice()
    const kept = await world.commandLineLogins.look(caller, device.which)
    const sealed = await world.seal.seal('login-asked', JSON.stringify(kept.login))
    assert.equal(await reasonOf(world.commandLineLogins.look(caller, { request: sealed })), 'login-invalid')
    const { which, verifier } = await world.begin()
    const decision = {
      keyHash: caller.session?.keyHash,
      scope: {},
      host: 'x',
      boundTo: '',
      at: world.clock.at,
    }
    const forged = await world.seal.seal('login-decision', JSON.stringify(decision))
    assert.equal(await reasonOf(world.redeem(forged, verifier)), 'login-invalid')
    await world.approve(caller, which, world.lab.id)
  })

  test('a request ends after ten minutes', async () => {
    const world = await labWorld({ maxLengthMs: HOUR, lengthMs: HOUR })
    const { which } = await world.begin()
    const caller = await world.session(world.ada)
    world.clock.forward(10 * 60_000)
    assert.equal(await reasonOf(world.commandLineLogins.look(caller, which)), 'login-invalid')
    assert.equal(await reasonOf(world.approve(caller, which, world.lab.id)), 'login-invalid')
  })

  test('a refusal leads back without a code', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const { which } = await world.begin()
    const back = new URL((await world.commandLineLogins.deny(caller, which)) ?? '')
    assert.equal(back.search, '?error=access_denied&state=a+state+of+the+command')
    assert.equal(await reasonOf(world.approve(caller, which, world.lab.id)), 'login-invalid')
    const [event] = await world.audited({ event: 'command-line.deny' })
    assert.deepEqual([event?.actor.userName, event?.target.name], ['ada', 'laptop'])
  })
})

suite('with the browser elsewhere', () => {
  test('waits until somebody approves the code, in whatever way it is typed', async () => {
    const world = await labWorld()
    const { deviceCode, userCode } = await world.beginDevice()
    assert.match(userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    assert.equal(await reasonOf(world.poll(deviceCode)), 'authorization-pending')
    assert.equal(await reasonOf(world.poll(deviceCode)), 'slow-down')
    const caller = await world.session(world.bob)
    const typed = { userCode: ` ${userCode.toLowerCase().replace('-', ' ')} ` }
    assert.equal(await world.approve(caller, typed, world.lab.id), '')
    const made = await world.poll(deviceCode)
    assert.equal(made.userName, 'bob')
    assert.equal(await reasonOf(world.poll(deviceCode)), 'expired-token')
    assert.equal(await reasonOf(world.approve(caller, typed, world.lab.id)), 'login-invalid')
    // A member has no right to make tokens of others, and gets one with their own rights.
    const { principal } = await world.asToken(made.token)
    assert.ok(may(principal, permission('read', 'buckets', { orgID: world.lab.id })))
    assert.ok(!may(principal, permission('write', 'buckets', { orgID: world.lab.id })))
    assert.ok(!may(principal, permission('write', 'authorizations', { orgID: world.lab.id })))
  })

  test('says that it was refused, and that it has expired', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const refused = await world.beginDevice()
    await world.commandLineLogins.deny(caller, refused.which)
    assert.equal(await reasonOf(world.poll(refused.deviceCode)), 'access-denied')
    const old = await world.beginDevice()
    world.clock.forward(10 * 60_000)
    assert.equal(await reasonOf(world.poll(old.deviceCode)), 'expired-token')
    assert.equal(await reasonOf(world.poll('none')), 'expired-token')
  })

  test('a decision that something else wrote into the store counts for nothing', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const [one, other] = [await world.beginDevice(), await world.beginDevice()]
    await world.deviceLogins.decide(hashOfUserCode(one.userCode), 'forged')
    assert.equal(await reasonOf(world.poll(one.deviceCode)), 'login-invalid')
    // One that was sealed for another device.
    const decision = {
      ...{ keyHash: caller.session?.keyHash, scope: { orgID: world.lab.id, isReadOnly: false } },
      ...{ host: 'server', boundTo: hashSecret('another device'), at: world.clock.at },
    }
    const sealed = await world.seal.seal('login-decision', JSON.stringify(decision))
    await world.deviceLogins.decide(hashOfUserCode(other.userCode), sealed)
    assert.equal(await reasonOf(world.poll(other.deviceCode)), 'login-invalid')
  })

  test('a device that something else put in the place of another gets no approval', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const [victim, attacker] = [await world.beginDevice(), await world.beginDevice()]
    const codeHash = hashOfUserCode(victim.userCode)
    const hashOf = ({ deviceCode }: typeof victim) => hashSecret(deviceCode.split('.')[0] ?? '')
    const found = await world.deviceLogins.byCode(codeHash)
    const foreign = await world.deviceLogins.byCode(hashOfUserCode(attacker.userCode))
    for (const asked of [found?.asked ?? '', foreign?.asked ?? '']) {
      await world.deviceLogins.decide(codeHash, 'to remove it')
      for (const each of [victim, attacker]) {
        await world.deviceLogins.poll({ codeHash, deviceHash: hashOf(each) })
      }
      await world.deviceLogins.add({ codeHash, deviceHash: hashOf(attacker), asked }, 600_000)
      assert.equal(await reasonOf(world.approve(caller, victim.which, world.lab.id)), 'login-invalid')
    }
  })

  test('guesses of codes are counted for the user, and right ones do not clear them', async () => {
    const world = await labWorld({ limits: { user: 4 } })
    const caller = await world.session(world.ada)
    const guess = () => reasonOf(world.commandLineLogins.look(caller, { userCode: createUserCode() }))
    const reasons = [await guess(), await guess(), await guess()]
    const { which } = await world.beginDevice()
    await world.commandLineLogins.look(caller, which)
    reasons.push(await guess(), await guess())
    assert.deepEqual(reasons, [...Array(4).fill('login-invalid'), 'throttled'])
    assert.equal(await reasonOf(world.commandLineLogins.look(caller, which)), 'throttled')
    const other = await world.session(world.bob)
    await world.commandLineLogins.look(other, which)
  })

  test('an address begins thirty at most', async () => {
    const world = await labWorld()
    for (let begun = 0; begun < 30; begun += 1) await world.beginDevice()
    assert.equal(await reasonOf(world.beginDevice()), 'throttled')
    world.clock.forward(10 * 60_000)
    await world.beginDevice()
  })
})

suite('who may approve', () => {
  test('a session with a recent sign-in, and no token', async () => {
    const world = await labWorld({ freshMs: 60_000 })
    const caller = await world.session(world.ada)
    const { which } = await world.begin()
    const { token } = await world.addToken(world.operator.caller, world.ada, world.lab.id, [
      permission('read', 'buckets', { orgID: world.lab.id }),
    ])
    for (const work of [
      world.commandLineLogins.look(await world.asToken(token), which),
      world.approve(await world.asToken(token), which, world.lab.id),
      world.commandLineLogins.deny(await world.asToken(token), which),
    ]) {
      assert.equal(await reasonOf(work), 'session-needed')
    }
    world.clock.forward(60_000)
    assert.equal(await reasonOf(world.approve(caller, which, world.lab.id)), 'sign-in-too-old')
    await world.approve(await world.session(world.ada), which, world.lab.id)
  })

  test('not a session of an application password, nor one without the second factor', async () => {
    const world = await labWorld()
    const started = await world.startSession(world.ada, { method: 'application-password-use' })
    const { which } = await world.begin()
    const limited = await world.asSession(started.key)
    assert.equal(await reasonOf(world.approve(limited, which, world.lab.id)), 'application-password')
    const caller = await world.session(world.ada)
    const one = { ...caller, principal: { ...caller.principal, hasSecondFactor: true } }
    assert.equal(await reasonOf(world.approve(one, which, world.lab.id)), 'second-factor-required')
  })

  test('nobody gives more than they may', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const { which, verifier } = await world.begin()
    for (const orgID of [undefined, world.operator.orgID, NOBODY]) {
      assert.equal(await reasonOf(world.approve(caller, which, orgID)), 'beyond-own-rights')
    }
    // None of these used the request up.
    const made = await world.redeem(await world.approve(caller, which, world.lab.id, true), verifier)
    const { principal } = await world.asToken(made.token)
    assert.ok(may(principal, permission('read', 'buckets', { orgID: world.lab.id })))
    assert.ok(!may(principal, permission('write', 'buckets', { orgID: world.lab.id })))
    assert.ok(!may(principal, permission('write', 'users', { id: world.ada })))
  })

  test('an operator may give everything', async () => {
    const world = await labWorld()
    const caller = await world.session(world.operator.userID)
    const { which, verifier } = await world.begin()
    assert.equal((await world.commandLineLogins.look(caller, which)).choices.isOperator, true)
    const made = await world.redeem(await world.approve(caller, which, undefined), verifier)
    const { principal } = await world.asToken(made.token)
    assert.ok(may(principal, permission('write', 'orgs')))
  })

  test('with length 0 nobody', async () => {
    const world = await labWorld({ commandLineMs: 0 })
    assert.equal(await reasonOf(world.begin()), 'command-line-off')
    assert.equal(await reasonOf(world.beginDevice()), 'command-line-off')
    assert.equal(await reasonOf(world.redeem('a', 'b')), 'command-line-off')
  })

  test('one who may use a single bucket gives that bucket', async () => {
    const world = await labWorld()
    const eve = await world.addUser('eve')
    const bucket = await world.buckets.create(world.operator.caller, { orgID: world.lab.id, name: 'points' })
    await world.memberships.add(world.operator.caller, { type: 'buckets', id: bucket.id }, 'member', eve)
    const caller = await world.session(eve)
    const { which, verifier } = await world.begin()
    const { choices } = await world.commandLineLogins.look(caller, which)
    assert.deepEqual(
      choices.organizations.map(({ id }) => id),
      [world.lab.id],
    )
    const made = await world.redeem(await world.approve(caller, which, world.lab.id), verifier)
    const { principal } = await world.asToken(made.token)
    assert.ok(may(principal, permission('read', 'buckets', { id: bucket.id })))
    assert.ok(!may(principal, permission('read', 'buckets', { orgID: world.lab.id })))
  })
})

suite('between the approval and the token', () => {
  test('a member who loses rights gets no token with them', async () => {
    const world = await labWorld()
    const caller = await world.session(world.ada)
    const { which, verifier } = await world.begin()
    const code = await world.approve(caller, which, world.lab.id)
    await world.memberships.remove(world.operator.caller, { type: 'orgs', id: world.lab.id }, world.ada)
    assert.equal(await reasonOf(world.redeem(code, verifier)), 'beyond-own-rights')
    assert.deepEqual(await world.store.authorizations.list({ userID: world.ada }), [])
  })

  test('a deactivated user, and one whose session ended, get none', async () => {
    const world = await labWorld()
    for (const userID of [world.ada, world.bob]) {
      const caller = await world.session(userID)
      const [here, there] = [await world.begin(), await world.beginDevice()]
      const code = await world.approve(caller, here.which, world.lab.id)
      await world.approve(caller, there.which, world.lab.id)
      if (userID === world.ada)
        await world.users.update(world.operator.caller, userID, { status: 'inactive' })
      else await world.sessions.endAllOf(caller, userID, { keepOwn: false })
      assert.equal(await reasonOf(world.redeem(code, here.verifier)), 'login-invalid')
      assert.equal(await reasonOf(world.poll(there.deviceCode)), 'login-invalid')
    }
  })
})

suite('the token', () => {
  test('lives no longer than other tokens may, nor than rights that end', async () => {
    const world = await labWorld({ maxTokenLengthMs: HOUR })
    const { which, verifier } = await world.begin()
    const code = await world.approve(await world.session(world.ada), which, world.lab.id)
    const made = await world.redeem(code, verifier)
    assert.equal(Date.parse(made.expiresAt), world.clock.at + HOUR)

    // Once Ada is no owner, this token is all that she has, and another one ends with it.
    await world.memberships.remove(world.operator.caller, { type: 'orgs', id: world.lab.id }, world.ada)
    world.clock.forward(HOUR / 2)
    const bucket = await world.buckets.create(world.operator.caller, { orgID: world.lab.id, name: 'points' })
    await world.memberships.add(
      world.operator.caller,
      { type: 'buckets', id: bucket.id },
      'member',
      world.ada,
    )
    const next = await world.begin()
    const again = await world.approve(await world.session(world.ada), next.which, world.lab.id)
    assert.equal((await world.redeem(again, next.verifier)).expiresAt, made.expiresAt)
  })

  test('of a person from a provider gives what their groups give now', async () => {
    const world = await createWorld()
    const operator = await world.addOperator()
    const lab = await world.organizations.create(operator.caller, { name: 'lab' })
    const helpers = logins(world)
    const { user } = await world.signInOutside(outside(ada(['dev']), rules(['dev=lab:owner'])))
    const { which, verifier } = await helpers.begin()
    const code = await helpers.approve(await helpers.session(user.id), which, lab.id)
    const { token } = await helpers.redeem(code, verifier)
    const mayWrite = async () =>
      may((await world.asToken(token)).principal, permission('write', 'buckets', { orgID: lab.id }))
    assert.equal(await mayWrite(), true)
    await world.signInOutside(outside(ada(['guests']), rules(['dev=lab:owner'], { signUp: true })))
    assert.equal(await mayWrite(), false)
  })

  test('ends itself, and no token without an end does', async () => {
    const world = await labWorld()
    const { which, verifier } = await world.begin()
    const code = await world.approve(await world.session(world.bob), which, world.lab.id)
    const { token } = await world.redeem(code, verifier)
    await world.endOwnToken(await world.asToken(token))
    assert.equal(await reasonOf(world.asToken(token)), 'unknown-token')
    const lasting = await world.addToken(world.operator.caller, world.bob, world.lab.id, [
      permission('read', 'buckets', { orgID: world.lab.id }),
    ])
    assert.equal(await reasonOf(world.endOwnToken(await world.asToken(lasting.token))), 'token-needed')
    assert.equal(await reasonOf(world.endOwnToken(await world.session(world.bob))), 'token-needed')
    await world.asToken(lasting.token)
  })

  test('is deleted by a session of its user, who may delete no other', async () => {
    const world = await labWorld()
    const { which, verifier } = await world.begin()
    const session = await world.session(world.bob)
    const made = await world.redeem(await world.approve(session, which, world.lab.id), verifier)
    const lasting = await world.addToken(world.operator.caller, world.bob, world.lab.id, [
      permission('read', 'buckets', { orgID: world.lab.id }),
    ])
    const { authorizations } = world
    assert.equal(await reasonOf(authorizations.remove(session, lasting.id)), 'missing-permission')
    assert.equal(
      await reasonOf(authorizations.remove(await world.asToken(made.token), made.id)),
      'missing-permission',
    )
    const limited = await world.startSession(world.bob, { method: 'application-password-use' })
    const byProgram = await world.asSession(limited.key)
    assert.equal(await reasonOf(authorizations.remove(byProgram, made.id)), 'missing-permission')
    const stranger = await world.session(await world.addUser('eve'))
    assert.equal(await reasonOf(authorizations.remove(stranger, made.id)), 'missing-permission')
    await authorizations.remove(session, made.id)
    assert.equal(await reasonOf(world.asToken(made.token)), 'unknown-token')
  })

  test('of the next sign-in on a machine takes the place of those that have ended', async () => {
    const world = await labWorld({ commandLineMs: HOUR, lengthMs: 24 * HOUR, maxLengthMs: 24 * HOUR })
    const signIn = async (host: string) => {
      const { which, verifier } = await world.begin(host)
      const code = await world.approve(await world.session(world.ada), which, world.lab.id)
      return (await world.redeem(code, verifier)).id
    }
    const [, elsewhere] = [await signIn('laptop'), await signIn('server')]
    world.clock.forward(HOUR)
    const [second, third] = [await signIn('laptop'), await signIn('laptop')]
    const kept = await world.store.authorizations.list({ userID: world.ada })
    assert.deepEqual(
      kept.map(({ id }) => id),
      [elsewhere, second, third],
    )
  })
})
