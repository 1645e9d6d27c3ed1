import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { codeAt, secretOf } from '../../../test/support/second-factor.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import type { Caller } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import type { SecondFactorDueError } from '../sign-in/pending-sign-in.ts'
import { MAILS } from './mail-limits.ts'

const HOUR = 3600_000
const PASSWORD = 'a fine new horse'
const UNKNOWN = 'x'.repeat(43)

const secretIn = (text = '') => /#([\w-]{43})/.exec(text)?.[1] ?? assert.fail(`no link in: ${text}`)
const reasonOf = (error: unknown) => (error instanceof SluiceError ? (error.reason ?? error.code) : error)

async function refused(work: Promise<unknown>, reason: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.equal(reasonOf(error), reason, String(error))
    return true
  })
}

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  /** Lets what is sent in the background be sent. */
  async function sent() {
    for (let index = 0; index < 200; index++) await new Promise((resolve) => setImmediate(resolve))
    return world.mails
  }
  async function addUser(name: string): Promise<{ id: ID; caller: Caller }> {
    const id = await world.addUser(name)
    await world.passwords.set(operator.caller, id, 'password of them', { mustChange: false })
    return { id, caller: await world.asUser(id) }
  }
  async function addOwner(name: string) {
    const user = await addUser(name)
    await world.memberships.add(operator.caller, { type: 'orgs', id: operator.orgID }, 'owner', user.id)
    return { ...user, caller: await world.asUser(user.id) }
  }
  /** Gives a user a verified address, by the mailed link. */
  async function verify(userID: ID, address: string) {
    await world.userEmails.set(operator.caller, userID, address)
    const mail = (await sent()).at(-1)
    await world.userEmails.verify(secretIn(mail?.text), ORIGIN)
    world.mails.length = 0
  }
  const { invitations, orgID } = { ...world, ...operator }
  async function invite(caller: Caller = operator.caller, more: { role?: 'owner'; name?: string } = {}) {
    const { invitation, url } = await invitations.create(caller, orgID, { role: 'member', ...more })
    return { invitation, secret: secretIn(url) }
  }
  const accept = (secret: string, name?: string, password = PASSWORD) =>
    invitations.accept(secret, { name, password }, ORIGIN)
  return { world, operator, orgID, sent, addUser, addOwner, verify, invite, accept }
}

suite('an invitation', () => {
  test('makes a user with name, password and membership, once', async () => {
    const { world, orgID, invite, accept } = await setUp()
    const { secret, invitation } = await invite()
    assert.equal(invitation.expiresAt, world.clock.at + 72 * HOUR)
    const user = await accept(secret, 'kim')
    assert.equal(user.name, 'kim')
    assert.deepEqual(await world.store.memberships.ofUser(user.id), [
      { userID: user.id, resourceType: 'orgs', resourceID: orgID, role: 'member' },
    ])
    assert.ok((await world.enter('kim', PASSWORD)).key)
    await refused(accept(secret, 'lee'), 'link-invalid')
    assert.equal(await world.store.users.byName('lee'), undefined)
    assert.deepEqual(world.counted, [
      'link invitation made',
      'link invitation used',
      'link invitation refused',
    ])
  })

  test('is kept only as a hash', async () => {
    const { world, orgID, invite } = await setUp()
    const { secret } = await invite()
    const [link] = await world.store.oneTimeLinks.invitationsTo(orgID)
    assert.equal(link?.hash, hashSecret(secret))
    assert.ok(!JSON.stringify(link).includes(secret))
  })

  test('makes one user of two who accept at once', async () => {
    const { world, invite, accept } = await setUp()
    const { secret } = await invite()
    const both = await Promise.allSettled([accept(secret, 'kim'), accept(secret, 'lee')])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.equal(await world.store.users.count(), 2)
  })

  test('ends by time, by revocation and with its organization', async () => {
    const { world, operator, orgID, invite, accept } = await setUp()
    const { invitations } = world
    const late = await invite()
    world.clock.forward(72 * HOUR)
    await refused(accept(late.secret, 'kim'), 'link-invalid')
    const revoked = await invite()
    await invitations.revoke(operator.caller, orgID, revoked.invitation.id)
    await refused(accept(revoked.secret, 'kim'), 'link-invalid')
    await refused(invitations.revoke(operator.caller, orgID, revoked.invitation.id), 'not found')
    const orphan = await invite()
    await world.organizations.remove(operator.caller, orgID)
    await refused(accept(orphan.secret, 'kim'), 'link-invalid')
    assert.equal(await world.store.users.byName('kim'), undefined)
  })

  test('has the name that was given, whatever the invited person types', async () => {
    const { invite, accept } = await setUp()
    const { secret } = await invite(undefined, { name: 'kim' })
    assert.equal((await accept(secret, 'operator')).name, 'kim')
    const taken = await invite()
    await refused(accept(taken.secret, 'kim'), 'name-taken')
    await refused(accept(taken.secret, ''), 'empty value')
    assert.equal((await accept(taken.secret, 'lee')).name, 'lee')
  })

  test('asks for a password by the policy', async () => {
    const { invite, accept } = await setUp({ policy: 'common' })
    const { secret } = await invite(undefined, { name: 'kimberly' })
    for (const weak of ['short', 'password', 'kimberly1']) {
      await refused(accept(secret, undefined, weak), 'weak-password')
    }
    await accept(secret)
  })

  test('is made by owners for their organization only, and gives no right that the inviter lacks', async () => {
    const { world, operator, orgID, addUser, addOwner, invite, accept } = await setUp()
    const owner = await addOwner('owner')
    assert.ok(await accept((await invite(owner.caller, { role: 'owner' })).secret, 'second owner'))
    const other = await world.organizations.create(operator.caller, { name: 'other' })
    const { invitations } = world
    for (const caller of [owner.caller, (await addUser('nobody')).caller]) {
      await refused(invitations.create(caller, other.id, { role: 'member' }), 'missing-permission')
      await refused(invitations.list(caller.principal, other.id), 'missing-permission')
    }
    const write = { action: 'write', resource: { type: 'orgs', id: orgID } } as const
    const narrow = await world.addToken(operator.caller, owner.id, orgID, [write])
    const byToken = await world.asToken(narrow.token)
    await refused(invitations.create(byToken, orgID, { role: 'owner' }), 'beyond-own-rights')
  })

  test('is worth nothing once its inviter has lost the rights, was deactivated or deleted', async () => {
    const { world, operator, orgID, addOwner, invite, accept } = await setUp()
    const place = { type: 'orgs', id: orgID } as const
    const demoted = await addOwner('demoted')
    const first = await invite(demoted.caller)
    await world.memberships.changeRole(operator.caller, place, 'member', demoted.id)
    // A member may still read all that a member may, but may not invite one to change anything.
    const owner = await addOwner('owner')
    const second = await invite(owner.caller, { role: 'owner' })
    await world.memberships.changeRole(operator.caller, place, 'member', owner.id)
    await refused(accept(second.secret, 'kim'), 'link-invalid')
    const inactive = await addOwner('inactive')
    const third = await invite(inactive.caller)
    await world.users.update(operator.caller, inactive.id, { status: 'inactive' })
    await refused(accept(third.secret, 'kim'), 'link-invalid')
    const deleted = await addOwner('deleted')
    const fourth = await invite(deleted.caller)
    await world.users.remove(operator.caller, deleted.id)
    await refused(accept(fourth.secret, 'kim'), 'link-invalid')
    await world.memberships.remove(operator.caller, place, demoted.id)
    await refused(accept(first.secret, 'kim'), 'link-invalid')
  })

  test('needs a recent sign-in', async () => {
    const { world, orgID, addOwner } = await setUp({ freshMs: 600_000 })
    await addOwner('owner')
    const session = await world.asSession((await world.enter('owner', 'password of them')).key)
    assert.ok(await world.invitations.create(session, orgID, { role: 'member' }))
    world.clock.forward(600_000)
    await refused(world.invitations.create(session, orgID, { role: 'member' }), 'sign-in-too-old')
  })

  test('by mail is not shown, and its address becomes the verified one of the user', async () => {
    const { world, operator, orgID, sent, accept } = await setUp()
    const given = { role: 'member', email: ' Kim@Example.com ' } as const
    const { url, invitation } = await world.invitations.create(operator.caller, orgID, given)
    assert.deepEqual([url, invitation.address], [undefined, 'Kim@Example.com'])
    const [mail] = await sent()
    assert.equal(mail?.to, 'Kim@Example.com')
    assert.match(mail?.text ?? '', /"operator" invites you to the organization "operator's"/)
    const user = await accept(secretIn(mail?.text), 'kim')
    assert.deepEqual(await world.store.userEmails.of(user.id), {
      ...{ userID: user.id, address: 'Kim@Example.com', verifiedAt: world.clock.at, pending: undefined },
    })
    const shown = await world.invitations.create(operator.caller, orgID, { role: 'member' })
    const other = await accept(secretIn(shown.url), 'lee')
    assert.equal(await world.store.userEmails.of(other.id), undefined)
  })

  test('is off, or for operators only, by the setting', async () => {
    const strict = await setUp({ invitations: 'operators' })
    const owner = await strict.addOwner('owner')
    await refused(strict.invite(owner.caller), 'missing-permission')
    await strict.accept((await strict.invite()).secret, 'kim')
    const off = await setUp({ invitations: 'off' })
    await refused(off.invite(), 'invitations-off')
  })
})

suite('a link to set a new password', () => {
  test('sets it once, ends all sessions, and starts none', async () => {
    const { world, operator, addUser } = await setUp()
    const { id } = await addUser('kim')
    const { key } = await world.enter('kim', 'password of them')
    const { url, expiresAt } = await world.passwordLinks.create(operator.caller, id, { mail: false })
    assert.equal(expiresAt, world.clock.at + HOUR)
    assert.ok(await world.asSession(key))
    const secret = secretIn(url)
    await world.passwordLinks.reset(secret, PASSWORD, ORIGIN)
    await assert.rejects(world.asSession(key))
    await refused(world.enter('kim', 'password of them'), 'wrong-credentials')
    assert.ok(await world.enter('kim', PASSWORD))
    await refused(world.passwordLinks.reset(secret, 'another fine horse', ORIGIN), 'link-invalid')
    const kinds = (await world.audited({ userID: id })).map(({ event }) => event)
    assert.ok(kinds.includes('password.link') && kinds.includes('password.recover'), `${kinds}`)
  })

  test('never passes the second factor', async () => {
    const { world, operator, addUser } = await setUp({ secondFactor: 'offered' })
    const { id } = await addUser('kim')
    const own = await world.asSession((await world.enter('kim', 'password of them')).key)
    const begun = await world.secondFactors.beginTotp(own)
    const code = codeAt(secretOf(begun.secret), world.clock.at)
    await world.secondFactors.finishTotp(own, { ...begun, name: 'phone', code })
    const { url } = await world.passwordLinks.create(operator.caller, id, { mail: false })
    await world.passwordLinks.reset(secretIn(url), PASSWORD, ORIGIN)
    assert.equal((await world.store.secondFactors.ofUser(id)).length, 1)
    const due = await world.enter('kim', PASSWORD).catch((error: SecondFactorDueError) => error)
    assert.equal((due as SecondFactorDueError).reason, 'second-factor-required')
  })

  test('ends by time, by another one, by a password change, by sign-in and by deactivation', async () => {
    const { world, operator, addUser } = await setUp()
    const { id } = await addUser('kim')
    const { passwordLinks, passwords, users } = world
    const make = async () => secretIn((await passwordLinks.create(operator.caller, id, { mail: false })).url)
    const ends: Record<string, () => Promise<unknown>> = {
      time: async () => world.clock.forward(HOUR),
      another: make,
      change: () => passwords.set(operator.caller, id, 'password of them', { mustChange: false }),
      signIn: () => world.enter('kim', 'password of them'),
      deactivation: () => users.update(operator.caller, id, { status: 'inactive' }),
    }
    for (const [how, end] of Object.entries(ends)) {
      const secret = await make()
      await end()
      await refused(passwordLinks.reset(secret, PASSWORD, ORIGIN), 'link-invalid')
      assert.equal((await world.store.users.byID(id))?.status, how === 'deactivation' ? 'inactive' : 'active')
    }
    await refused(make(), 'user-inactive')
  })

  test('is made only by who may set the password, who must still hold the rights of the user then', async () => {
    const { world, operator, orgID, addUser } = await setUp()
    const { id } = await addUser('kim')
    const helper = await addUser('helper')
    await refused(world.passwordLinks.create(helper.caller, id, { mail: false }), 'missing-permission')
    // May write users, and holds nothing else.
    const write = { action: 'write', resource: { type: 'users' } } as const
    const read = { action: 'read', resource: { type: 'users' } } as const
    const { token } = await world.addToken(operator.caller, helper.id, orgID, [read, write])
    const byToken = await world.asToken(token)
    await refused(world.passwordLinks.create(byToken, operator.userID, { mail: false }), 'beyond-own-rights')
    const { url } = await world.passwordLinks.create(byToken, id, { mail: false })
    await world.memberships.add(operator.caller, { type: 'orgs', id: orgID }, 'owner', id)
    await refused(world.passwordLinks.reset(secretIn(url), PASSWORD, ORIGIN), 'link-invalid')
  })

  test('keeps the policy, and is not used up by a weak password', async () => {
    const { world, operator, addUser } = await setUp({ policy: 'common' })
    const { id } = await addUser('kimberly')
    const secret = secretIn((await world.passwordLinks.create(operator.caller, id, { mail: false })).url)
    await refused(world.passwordLinks.reset(secret, 'kimberly1', ORIGIN), 'weak-password')
    await world.passwordLinks.reset(secret, PASSWORD, ORIGIN)
  })

  test('of another purpose is no such link', async () => {
    const { world, invite, accept, operator, addUser } = await setUp()
    const { id } = await addUser('kim')
    const { secret } = await invite()
    await refused(world.passwordLinks.reset(secret, PASSWORD, ORIGIN), 'link-invalid')
    await refused(world.userEmails.verify(secret, ORIGIN), 'link-invalid')
    const reset = secretIn((await world.passwordLinks.create(operator.caller, id, { mail: false })).url)
    await refused(accept(reset, 'lee'), 'link-invalid')
    await world.passwordLinks.reset(reset, PASSWORD, ORIGIN)
  })

  test('that does not work counts for the address, until it must wait', async () => {
    const { world } = await setUp({ limits: { address: 3 } })
    for (let tries = 0; tries < 3; tries++) {
      await refused(world.passwordLinks.reset(UNKNOWN, PASSWORD, ORIGIN), 'link-invalid')
    }
    await refused(world.describeLink(UNKNOWN, ORIGIN), 'throttled')
  })
})

suite('a forgotten password', () => {
  test('is helped by a mail to the verified address, by name or by address', async () => {
    const { world, addUser, verify, sent } = await setUp()
    const { id } = await addUser('kim')
    await verify(id, 'kim@example.com')
    for (const typed of ['kim', 'KIM@example.com ']) {
      await world.passwordLinks.forgot(typed, ORIGIN)
      const mail = (await sent()).at(-1)
      assert.equal(mail?.to, 'kim@example.com')
      assert.match(mail?.text ?? '', /Somebody at 192\.0\.2\.7 asked/)
    }
    await world.passwordLinks.reset(secretIn(world.mails[0]?.text), PASSWORD, ORIGIN)
    assert.ok(await world.enter('kim', PASSWORD))
    // Using one ends the other, and the user gets a notice.
    await refused(world.passwordLinks.reset(secretIn(world.mails[1]?.text), PASSWORD, ORIGIN), 'link-invalid')
    const last = (await sent()).at(-1)
    assert.match(last?.text ?? '', /new password was set by a link/)
  })

  test('gets nothing where the address is not verified, the user inactive or without a password', async () => {
    const { world, operator, addUser, verify, sent } = await setUp()
    const pending = await addUser('pending')
    await world.userEmails.set(operator.caller, pending.id, 'pending@example.com')
    await sent()
    world.mails.length = 0
    const inactive = await addUser('inactive')
    await verify(inactive.id, 'inactive@example.com')
    await world.users.update(operator.caller, inactive.id, { status: 'inactive' })
    const elsewhere = await world.addUser('elsewhere')
    await verify(elsewhere, 'elsewhere@example.com')
    for (const name of ['pending', 'inactive', 'elsewhere', 'nobody']) {
      for (const typed of [name, `${name}@example.com`]) await world.passwordLinks.forgot(typed, ORIGIN)
    }
    assert.deepEqual(await sent(), [])
  })

  test('is answered before anything is looked up', async () => {
    const { world, addUser, verify } = await setUp()
    const { id } = await addUser('kim')
    await verify(id, 'kim@example.com')
    for (const typed of ['kim', 'nobody']) {
      const events = (await world.audited()).length
      assert.equal(await world.passwordLinks.forgot(typed, ORIGIN), undefined)
      assert.deepEqual([world.mails.length, (await world.store.audit.list({}, ALL)).length], [0, events])
    }
  })

  test('floods no mailbox: limited by mailbox and user in silence, by client with a refusal', async () => {
    const { world, addUser, verify, sent } = await setUp()
    const { id } = await addUser('kim')
    await verify(id, 'kim@example.com')
    const from = (index: number) => ({ ...ORIGIN, address: `198.51.100.${index}` })
    for (let index = 0; index < 10; index++) await world.passwordLinks.forgot('kim', from(index))
    assert.equal((await sent()).length, MAILS.perMailbox)
    assert.ok(world.counted.includes('mail reset limited'))
    world.clock.forward(HOUR)
    await world.passwordLinks.forgot('kim', from(1))
    assert.equal((await sent()).length, MAILS.perMailbox + 1)
    for (let index = 0; index < MAILS.perClient; index++) await world.passwordLinks.forgot('nobody', from(99))
    await refused(world.passwordLinks.forgot('nobody', from(99)), 'throttled')
  })

  test('is refused where no mail is sent', async () => {
    const { world, operator, orgID } = await setUp({ withoutMail: true })
    await refused(world.passwordLinks.forgot('kim', ORIGIN), 'mail-off')
    await refused(world.userEmails.set(operator.caller, operator.userID, 'a@example.com'), 'mail-off')
    const mailed = { role: 'member', email: 'a@example.com' } as const
    await refused(world.invitations.create(operator.caller, orgID, mailed), 'mail-off')
    await refused(world.passwordLinks.create(operator.caller, operator.userID, { mail: true }), 'mail-off')
  })
})

suite('an e-mail address', () => {
  test('counts once it is verified, and stays until another one is', async () => {
    const { world, addUser, sent } = await setUp()
    const { id, caller } = await addUser('kim')
    const { userEmails } = world
    await refused(userEmails.get(caller.principal, id), 'not found')
    await userEmails.set(caller, id, 'kim@example.com')
    const first = (await sent()).at(-1)
    assert.equal(first?.to, 'kim@example.com')
    assert.equal((await userEmails.get(caller.principal, id)).address, undefined)
    await userEmails.verify(secretIn(first?.text), ORIGIN)
    await userEmails.set(caller, id, 'kim@example.org')
    const found = await userEmails.get(caller.principal, id)
    assert.deepEqual([found.address, found.pending], ['kim@example.com', 'kim@example.org'])
    const second = (await sent()).at(-1)
    await userEmails.verify(secretIn(second?.text), ORIGIN)
    assert.equal((await userEmails.get(caller.principal, id)).address, 'kim@example.org')
    const notice = (await sent()).at(-1)
    assert.equal(notice?.to, 'kim@example.com')
    await refused(userEmails.verify(secretIn(second?.text), ORIGIN), 'link-invalid')
    await userEmails.remove(caller, id)
    await refused(userEmails.remove(caller, id), 'not found')
  })

  test('that another one replaced is not verified by its old link', async () => {
    const { world, addUser, sent } = await setUp()
    const { id, caller } = await addUser('kim')
    await world.userEmails.set(caller, id, 'first@example.com')
    const first = secretIn((await sent()).at(-1)?.text)
    await world.userEmails.set(caller, id, 'second@example.com')
    await refused(world.userEmails.verify(first, ORIGIN), 'link-invalid')
  })

  test('ends the mailed links to the address before', async () => {
    const { world, addUser, verify, sent } = await setUp()
    const { id, caller } = await addUser('kim')
    await verify(id, 'kim@example.com')
    await world.passwordLinks.forgot('kim', ORIGIN)
    const secret = secretIn((await sent()).at(-1)?.text)
    await world.userEmails.remove(caller, id)
    await refused(world.passwordLinks.reset(secret, PASSWORD, ORIGIN), 'link-invalid')
  })

  test('of another is set and read by operators only', async () => {
    const { world, operator, addUser } = await setUp()
    const [kim, lee] = [await addUser('kim'), await addUser('lee')]
    await refused(world.userEmails.set(lee.caller, kim.id, 'lee@example.com'), 'missing-permission')
    await refused(world.userEmails.get(lee.caller.principal, kim.id), 'missing-permission')
    await world.userEmails.set(operator.caller, kim.id, 'kim@example.com')
    assert.equal((await world.userEmails.get(operator.caller.principal, kim.id)).pending, 'kim@example.com')
  })

  test('is one plain address', async () => {
    const { world, addUser } = await setUp()
    const { id, caller } = await addUser('kim')
    for (const wrong of [
      ...['', 'kim', '@example.com', 'kim@', 'kim@localhost', 'kim@-a.example', 'a@b@example.com'],
      ...[
        'kim@example.com, eve@example.com',
        'Kim <kim@example.com>',
        'kim@example.com\r\nBcc: eve@example.com',
      ],
      ...[
        '"a b"@example.com',
        'kim@[192.0.2.1]',
        'k\u0131m@example.com',
        '.kim@example.com',
        'kim..a@example.com',
      ],
      `${'k'.repeat(65)}@example.com`,
    ]) {
      await refused(world.userEmails.set(caller, id, wrong), 'invalid')
    }
  })

  test('goes with its user', async () => {
    const { world, operator, addUser, verify } = await setUp()
    const { id } = await addUser('kim')
    await verify(id, 'kim@example.com')
    await world.users.remove(operator.caller, id)
    assert.deepEqual(await world.store.userEmails.withAddress('kim@example.com', 5), [])
  })
})

test('a mail holds no name that ends its line or is a message of its own', async () => {
  const { world, operator, orgID, sent } = await setUp()
  const name = `x"\r\nSubject: win\u2028${'y'.repeat(500)}`
  await world.organizations.update(operator.caller, orgID, { name })
  await world.invitations.create(operator.caller, orgID, { role: 'member', email: 'kim@example.com' })
  const text = (await sent())[0]?.text ?? ''
  assert.doesNotMatch(text, /^Subject|[\r\u2028]/m)
  assert.ok(text.length < 600, text)
})

const ALL = { limit: 1000, offset: 0, descending: false }
