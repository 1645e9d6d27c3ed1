import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ada, CORP, outside, rules } from '../../../test/support/outside.ts'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import type { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'
import { SecondFactorDueError } from '../sign-in/pending-sign-in.ts'

const ROLES = ['influx-admins=lab:owner', 'dev=lab:member']

async function labWorld(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const lab = await world.organizations.create(operator.caller, { name: 'lab' })
  const shop = await world.organizations.create(operator.caller, { name: 'shop' })
  const enter = (identity = ada(['dev']), given = rules(ROLES)) =>
    world.signInOutside(outside(identity, given))
  /** Organization names and roles, those given by hand with a star. */
  async function held(userID: ID) {
    const names = new Map([lab, shop].map(({ id, name }) => [id, name]))
    return (await world.store.memberships.ofUser(userID)).map(
      ({ resourceID, role, given }) =>
        `${names.get(resourceID) ?? 'instance'} ${role}${!given || given.byHand ? '*' : ''}`,
    )
  }
  return { ...world, operator, lab, shop, enterOutside: enter, held }
}

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return (error as SluiceError).reason ?? String((error as Error).stack)
  }
}

suite('who an outside identity is', () => {
  test('the first sign-in makes a user, links the identity and gives what the groups give', async () => {
    const world = await labWorld()
    const { user, key } = await world.enterOutside()
    assert.equal(user.name, 'ada')
    assert.deepEqual(await world.held(user.id), ['lab member'])
    const { session } = await world.asSession(key)
    assert.equal(session?.method, 'oidc')
    const [link] = await world.store.linkedIdentities.ofUser(user.id)
    assert.deepEqual(
      [link?.provider, link?.issuer, link?.subject, link?.nameThere, link?.lastSignInAt],
      ['corp', CORP.issuer, '00u1', 'ada', world.clock.at],
    )
    assert.equal(await world.store.passwords.get(user.id), undefined)
    const events = (await world.audited({ userID: user.id })).map(({ event, target, actor }) => [
      event,
      target.name,
      actor.userName,
    ])
    assert.deepEqual(events, [
      ['user.create', 'ada', 'ada'],
      ['identity.link', 'corp', 'ada'],
      ['member.add', 'lab', 'corp (dev)'],
      ['signin', 'corp', 'ada'],
    ])
  })

  test('renamed at the provider they are the same user, under the name of before', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside()
    const again = await world.enterOutside(ada(['dev'], { names: ['ada.l'], provider: 'renamed' }))
    assert.deepEqual([again.user.id, again.user.name], [user.id, 'ada'])
    const [link] = await world.store.linkedIdentities.ofUser(user.id)
    assert.deepEqual([link?.nameThere, link?.provider], ['ada.l', 'renamed'])
  })

  test('a name that a local user has is refused, in any case (CVE-2022-31107)', async () => {
    const world = await labWorld()
    await world.addUser('ada')
    for (const name of ['ada', 'Ada', ' ada ']) {
      const identity = ada(['dev'], { names: [name], subject: name })
      assert.equal(await reasonOf(world.enterOutside(identity)), 'name-taken')
    }
    assert.deepEqual(world.outcomes, ['name-taken', 'name-taken', 'name-taken'])
    assert.equal(await world.store.users.count(), 2)
  })

  test('the same subject of another issuer is somebody else (ASVS 5.0 6.8.1)', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside()
    const other = ada(['dev'], { issuer: 'https://b.test', names: ['bob'] })
    assert.notEqual((await world.enterOutside(other)).user.id, user.id)
    assert.equal(await reasonOf(world.enterOutside(ada(['dev'], { issuer: 'https://c.test' }))), 'name-taken')
  })

  test('two first sign-ins at once make one user', async () => {
    const world = await labWorld()
    const both = await Promise.all([world.enterOutside(), world.enterOutside()])
    assert.equal(both[0].user.id, both[1].user.id)
    assert.equal(await world.store.users.count(), 2)
  })

  test('without a usable name, subject or issuer nobody is made', async () => {
    const world = await labWorld()
    assert.equal(
      await reasonOf(world.enterOutside(ada(['dev'], { names: [' \n', '\u200b', ''] }))),
      'outside-no-name',
    )
    for (const subject of ['', ' ', 'a\0b', 'x'.repeat(256)]) {
      assert.equal(await reasonOf(world.enterOutside(ada(['dev'], { subject }))), 'outside-not-allowed')
    }
    assert.equal(await world.store.users.count(), 1)
  })

  test('a deactivated user does not come in, and stays deactivated', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside()
    await world.users.update(world.operator.caller, user.id, { status: 'inactive' })
    assert.equal(await reasonOf(world.enterOutside()), 'user-inactive')
    assert.equal((await world.store.users.byID(user.id))?.status, 'inactive')
    assert.equal(world.outcomes.at(-1), 'inactive')
  })
})

suite('who may come in', () => {
  const cases = {
    'a member of an allowed group': [ada(['dev']), { allowedGroups: ['dev'] }, undefined],
    'nobody else': [ada(['x']), { allowedGroups: ['dev'] }, 'outside-not-allowed'],
    'a verified domain': [ada(), { allowedDomains: ['CORP.test'] }, undefined],
    'not an unverified one': [
      ada([], { email: { address: 'ada@corp.test', isVerified: false } }),
      { allowedDomains: ['corp.test'] },
      'outside-not-allowed',
    ],
    'not a domain that ends alike': [
      ada([], { email: { address: 'ada@evil-corp.test', isVerified: true } }),
      { allowedDomains: ['corp.test'] },
      'outside-not-allowed',
    ],
    'not an address with the domain in its name': [
      ada([], { email: { address: '"x@corp.test"@evil.test', isVerified: true } }),
      { allowedDomains: ['corp.test'] },
      'outside-not-allowed',
    ],
    'not somebody without an address': [
      ada([], { email: undefined }),
      { allowedDomains: ['corp.test'] },
      'outside-not-allowed',
    ],
    'a claim with one of its values': [
      ada([], { claims: { a: { b: ['x', 'y'] } } }),
      {
        allowedClaims: [
          { claim: '/a/b', value: 'y' },
          { claim: '/a/b', value: 'z' },
        ],
      },
      undefined,
    ],
    'not one of two claims': [
      ada([], { claims: { tenant: 'a' } }),
      {
        allowedClaims: [
          { claim: 'tenant', value: 'a' },
          { claim: 'level', value: '3' },
        ],
      },
      'outside-not-allowed',
    ],
    'not what meets only one of two lists': [
      ada(['dev']),
      { allowedGroups: ['dev'], allowedDomains: ['else.test'] },
      'outside-not-allowed',
    ],
    'nobody unknown without sign-up': [ada(['dev']), { signUp: false }, 'outside-not-allowed'],
  } as const
  for (const [name, [identity, more, reason]] of Object.entries(cases)) {
    test(name, async () => {
      const world = await labWorld()
      assert.equal(await reasonOf(world.enterOutside(identity, rules(ROLES, more))), reason)
      assert.deepEqual(world.outcomes, [reason ? 'not-allowed' : 'success'])
    })
  }

  test('a refusal is audited with the provider and the reason', async () => {
    const world = await labWorld()
    await reasonOf(world.enterOutside(ada(), rules(ROLES, { allowedGroups: ['dev'] })))
    const [event] = await world.audited({ event: 'signin' })
    const { outcome, target } = event ?? {}
    assert.deepEqual(
      [outcome, target?.type, target?.name],
      ['refused', 'identity', 'corp: outside-not-allowed'],
    )
  })

  test('somebody known whom the rules let in no more loses sessions and tokens', async () => {
    const world = await labWorld()
    const { user, key } = await world.enterOutside()
    const { token } = await world.addToken(world.operator.caller, user.id, world.lab.id, [
      permission('read', 'buckets', { orgID: world.lab.id }),
    ])
    await world.asToken(token)
    const closed = rules(ROLES, { allowedGroups: ['dev'] })
    assert.equal(await reasonOf(world.enterOutside(ada([]), closed)), 'outside-not-allowed')
    assert.equal(await reasonOf(world.asSession(key)), 'session-expired')
    assert.equal(await reasonOf(world.asToken(token)), 'token-inactive')
  })
})

suite('what groups give', () => {
  test('the stronger role counts, and a group gone takes it away', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside(ada(['dev', 'influx-admins']))
    assert.deepEqual(await world.held(user.id), ['lab owner'])
    await world.enterOutside(ada(['dev']))
    assert.deepEqual(await world.held(user.id), ['lab member'])
    await world.enterOutside(ada([]))
    assert.deepEqual(await world.held(user.id), [])
    const roles = (await world.audited({ userID: user.id })).map(({ event }) => event).slice(2)
    assert.deepEqual(roles, [
      ...['owner.add', 'signin', 'owner.remove', 'member.add', 'signin', 'member.remove', 'signin'],
    ])
  })

  test('what was given by hand stays (grafana #22605)', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside(ada(['dev']))
    await world.memberships.add(world.operator.caller, { type: 'orgs', id: world.shop.id }, 'owner', user.id)
    await world.memberships.add(world.operator.caller, { type: 'orgs', id: world.lab.id }, 'member', user.id)
    await world.enterOutside(ada(['influx-admins']))
    assert.deepEqual(await world.held(user.id), ['shop owner*', 'lab owner*'])
    await world.enterOutside(ada([]))
    assert.deepEqual(await world.held(user.id), ['shop owner*', 'lab member*'])
  })

  test('what a provider gives cannot be taken away by hand', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside(ada(['dev']))
    const lab = { type: 'orgs', id: world.lab.id } as const
    const { caller } = world.operator
    await refused(() => world.memberships.remove(caller, lab, user.id), 'forbidden', /corp.*dev/)
    await refused(() => world.memberships.changeRole(caller, lab, 'owner', user.id), 'forbidden', /corp/)
    await world.memberships.add(caller, lab, 'owner', user.id)
    assert.deepEqual(await world.held(user.id), ['lab owner*'])
    await world.memberships.remove(caller, lab, user.id)
    assert.deepEqual(await world.held(user.id), ['lab member'])
  })

  test('a group gives buckets to read or to write, and one that is missing is skipped', async () => {
    const world = await labWorld()
    const bucket = await world.buckets.create(world.operator.caller, { orgID: world.lab.id, name: 'cpu/day' })
    const given = rules([
      'dev=lab/cpu/day:read',
      'ops2=lab/cpu/day:write',
      'dev=nowhere:owner',
      'dev=lab/gone:read',
    ])
    const { user } = await world.enterOutside(ada(['dev']), given)
    const may = async (action: 'read' | 'write') =>
      (await world.asUser(user.id)).principal.permissions.allows(
        permission(action, 'buckets', { id: bucket.id, orgID: world.lab.id }),
      )
    assert.deepEqual([await may('read'), await may('write')], [true, false])
    await world.enterOutside(ada(['dev', 'ops2']), given)
    assert.deepEqual([await may('read'), await may('write')], [true, true])
    const warnings = world.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields.missing)
    assert.deepEqual(warnings, ['organization nowhere', 'bucket gone in lab'])
  })

  test('two providers do not take away what the other gives (CVE-2020-10660)', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside(ada(['dev']))
    await world.store.linkedIdentities.add({
      ...{ id: world.ids.next(), userID: user.id, issuer: 'ldap', subject: 'u1', provider: 'ldap' },
      ...{ nameThere: '', linkedAt: 0, linkedBy: undefined, lastSignInAt: undefined, data: undefined },
    })
    const there = { provider: 'ldap', issuer: 'ldap', subject: 'u1' }
    await world.enterOutside(ada(['influx-admins'], there))
    assert.deepEqual(await world.held(user.id), ['lab owner'])
    await world.enterOutside(ada([]))
    assert.deepEqual(await world.held(user.id), ['lab owner'])
    await world.enterOutside(ada([], there))
    assert.deepEqual(await world.held(user.id), [])
  })

  test('an operator group makes an operator, and the last one stays, with a warning', async () => {
    const world = await labWorld()
    const { user } = await world.enterOutside(ada(['ops']))
    const isOperator = async () => (await world.grantsOf(world.operator.caller.principal, user.id)).operator
    assert.equal(await isOperator(), true)
    await world.enterOutside(ada([]))
    assert.equal(await isOperator(), false)
    await world.enterOutside(ada(['ops']))
    const asAda = await world.asUser(user.id)
    await world.users.update(asAda, world.operator.userID, { status: 'inactive' })
    await world.enterOutside(ada([]))
    assert.deepEqual(await world.held(user.id), ['instance owner'])
    const warnings = world.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.match(warnings.at(-1) ?? '', /last operator stays one/)
  })
})

suite('freshness and factors', () => {
  test('a sign-in is as recent as the provider says, and never without a time', async () => {
    const world = await labWorld({ freshMs: 600_000 })
    const at = world.clock.at
    const act = async (authenticatedAt: number | undefined) => {
      const { key } = await world.enterOutside(ada(['ops'], { authenticatedAt }))
      const caller = await world.asSession(key)
      return reasonOf(
        world.users.update(caller, world.operator.userID, { status: 'active', name: `n${authenticatedAt}` }),
      )
    }
    assert.equal(await act(at - 1000), undefined)
    assert.equal(await act(at - 600_000), 'sign-in-too-old')
    assert.equal(await act(undefined), 'sign-in-too-old')
    assert.equal(await act(at + 60_000), 'sign-in-too-old')
  })

  async function withFactor(options: WorldOptions = {}) {
    const world = await labWorld({ secondFactor: 'offered', ...options })
    const { user } = await world.enterOutside()
    await world.store.secondFactors.add({
      ...{ id: world.ids.next(), userID: user.id, kind: 'totp', name: 'phone', secret: 'sealed' },
      ...{ credentialID: undefined, counter: 0, passkey: undefined, createdAt: 0, lastUsedAt: undefined },
    })
    return { ...world, user }
  }

  test('a second factor here is due unless the provider answers for it', async () => {
    const world = await withFactor()
    const due = async (secondFactor: 'provider' | 'amr' | 'local', methods?: string[]) => {
      const entering = world.enterOutside(ada(['dev'], { methods }), rules(ROLES, { secondFactor }))
      return entering.then(
        async ({ key }) => (await world.asSession(key)).session?.level,
        (error) => (error instanceof SecondFactorDueError ? error.methods.join() : String(error.stack)),
      )
    }
    assert.equal(await due('provider'), 'two-factors')
    assert.equal(await due('amr', ['pwd']), 'totp')
    assert.equal(await due('amr', ['pwd', 'otp']), 'two-factors')
    assert.equal(await due('amr', ['face']), 'totp')
    assert.equal(await due('amr'), 'totp')
    assert.equal(await due('local', ['mfa']), 'totp')
    assert.equal(world.outcomes.at(-1), 'second-factor-due')
  })

  test('what was begun outside goes on with a recovery code, unless the identity was unlinked', async () => {
    const world = await withFactor()
    const { hashOneTimeCode } = await import('../second-factors/one-time-codes.ts')
    const code = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    await world.store.recoveryCodes.replace(world.user.id, [hashOneTimeCode(code)])
    const begin = async () => {
      const error = await world
        .enterOutside(ada(['dev'], { authenticatedAt: 5 }), rules(ROLES, { secondFactor: 'local' }))
        .catch((error) => error)
      assert.ok(error instanceof SecondFactorDueError, String(error.stack))
      return error.pending
    }
    const request = { proof: code, presentedKeys: [], origin: ORIGIN }
    const pending = await begin()
    const [link] = await world.store.linkedIdentities.ofUser(world.user.id)
    assert.ok(link)
    await world.store.linkedIdentities.remove(world.user.id, link.id)
    assert.equal(await reasonOf(world.secondFactorSignIn({ ...request, pending })), 'second-factor-expired')
    await world.store.linkedIdentities.add(link)
    const { key } = await world.secondFactorSignIn({ ...request, pending: await begin() })
    const { session } = await world.asSession(key)
    assert.deepEqual([session?.method, session?.level, session?.authenticatedAt], ['oidc', 'two-factors', 5])
  })
})

suite('sessions of a provider', () => {
  test('one ends when the provider allowed it to, however much it is used', async () => {
    const world = await labWorld()
    const endsAt = world.clock.at + 60_000
    const { key } = await world.signInOutside(
      outside(ada(['dev']), rules(ROLES), { session: { sid: 's-1', endsAt } }),
    )
    world.clock.forward(59_999)
    const { session } = await world.asSession(key)
    assert.ok(session)
    world.clock.forward(1)
    assert.equal(await reasonOf(world.asSession(key)), 'session-expired')
    assert.equal(await world.sessionStore.count(), 0)
  })

  test('in deployment cloud it is confined to an organization that the groups have just given', async () => {
    const world = await labWorld({ deployment: 'cloud' })
    const { key } = await world.enterOutside(ada(['dev']))
    assert.equal((await world.asSession(key)).principal.confinedTo, world.lab.id)
    assert.equal(await reasonOf(world.enterOutside(ada([]))), 'wrong-credentials')
  })
})
