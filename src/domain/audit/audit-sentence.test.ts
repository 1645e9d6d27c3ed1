import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { createExternal } from '../../../test/support/external-tokens.ts'
import { outside, ada as outsider, rules } from '../../../test/support/outside.ts'
import { refused } from '../../../test/support/refused.ts'
import { codeAt, secretOf } from '../../../test/support/second-factor.ts'
import { secretOfLink } from '../../../test/support/smtp.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { createImporter } from '../import/importer.ts'
import { permission } from '../records/permission.ts'
import { sessionID } from '../records/session.ts'
import type { SecondFactorDueError } from '../sign-in/pending-sign-in.ts'
import { AUDIT_KINDS } from './audit-kinds.ts'
import { type SpokenEvent, sentenceOf } from './audit-sentence.ts'

const textOf = (event: SpokenEvent) =>
  sentenceOf(event)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('')

const NO_RECORDS = {
  ...{ users: [], organizations: [], buckets: [], memberships: [], tokens: [], dbrpMappings: [], tasks: [] },
  ...{ passwords: new Map(), legacyAuthorizations: [], legacyPasswords: new Map() },
}

const OUTCOMES = ['success', 'refused', 'throttled', 'expired', 'failed']

suite('the sentence of an event', () => {
  test('says everything that happens, as it happens', async () => {
    const relyingParty = { id: 'sluice.test', origin: 'https://sluice.test', name: 'Sluice' }
    const world = await createWorld({ secondFactor: 'offered', relyingParty })
    const { users, organizations, buckets, authorizations, memberships, passwords, sessions } = world
    const said: string[] = []
    const kinds = new Set<string>()
    async function says(...sentences: string[]): Promise<void> {
      const events = (await world.audited()).slice(said.length)
      const texts = events.map(textOf)
      assert.deepEqual(texts.toSorted(), sentences.toSorted())
      said.push(...texts)
      for (const { event } of events) kinds.add(event)
    }

    await world.setup.run({ username: 'root', password: 'password 1', org: 'first', bucket: 'b' }, ORIGIN)
    await says('root set up this server with the organization first')
    const { key } = await world.enter('root', 'password 1')
    const caller = await world.asSession(key)
    await says('root signed in')
    const { id: ada } = await users.create(caller, { name: 'ada' })
    await users.update(caller, ada, { name: 'ada lovelace' })
    await says('root created the user ada', 'root changed the user ada lovelace')
    await passwords.set(caller, ada, 'password 2', { mustChange: false })
    await says('root reset the password of ada lovelace')
    const { id: org } = await organizations.create(caller, { name: 'factory-floor' })
    await organizations.update(caller, org, { description: 'x' })
    await says('root created the organization factory-floor', 'root changed the organization factory-floor')
    const place = { type: 'orgs', id: org } as const
    await memberships.add(caller, place, 'owner', ada)
    await memberships.changeRole(caller, place, 'member', ada)
    await memberships.remove(caller, place, ada)
    await says(
      'root added ada lovelace to factory-floor as owner',
      'root removed the owner ada lovelace from factory-floor',
      'root added ada lovelace to factory-floor as member',
      'root removed the member ada lovelace from factory-floor',
    )
    const { id: points } = await buckets.create(caller, { orgID: org, name: 'points' })
    await memberships.add(caller, { type: 'buckets', id: points }, 'owner', ada)
    await buckets.update(caller, points, { description: 'x' })
    await buckets.remove(caller, points)
    await says(
      'root created the bucket points in factory-floor',
      'root added ada lovelace to the bucket points as owner',
      'root changed the bucket points in factory-floor',
      'root deleted the bucket points in factory-floor',
    )
    const permissions = [permission('read', 'orgs', { id: org })]
    const input = { orgID: org, permissions, description: 'deploys' }
    const id = (await authorizations.create(caller, input)).details.authorization.id
    await authorizations.update(caller, id, { status: 'inactive' })
    await authorizations.rotate(caller, id, 0)
    await authorizations.remove(caller, id)
    await authorizations.create(caller, { ...input, userID: ada })
    await says(
      'root created the token deploys',
      'root changed the token deploys',
      'root rotated the token deploys',
      'root deleted the token deploys',
      'root created the token deploys of ada lovelace',
    )
    const { commandLineLogins: logins } = world
    const codeOfDevice = async () => (await logins.beginDevice({ host: 'laptop' }, ORIGIN)).userCode
    await logins.approve(caller, { userCode: await codeOfDevice() }, { orgID: undefined, isReadOnly: true })
    await logins.deny(caller, { userCode: await codeOfDevice() })
    await refused(() => logins.redeem('a wrong code', 'v', ORIGIN), 'invalid')
    await says(
      'root let the command line on laptop sign in as them',
      'root refused to let the command line on laptop sign in as them',
      'A command line was refused a token',
    )
    const { legacyAuthorizations } = world
    const made = await legacyAuthorizations.create(caller, { orgID: org, permissions, name: 'telegraf' })
    await legacyAuthorizations.update(caller, made.authorization.id, { description: 'x' })
    await legacyAuthorizations.setPassword(caller, made.authorization.id, 'a password of telegraf')
    await legacyAuthorizations.remove(caller, made.authorization.id)
    await says(
      'root created the 1.x authorization telegraf',
      'root changed the 1.x authorization telegraf',
      'root set the password of the 1.x authorization telegraf',
      'root deleted the 1.x authorization telegraf',
    )
    await world.enter('ada lovelace', 'password 2')
    await sessions.endAllOf(caller, ada, { keepOwn: false })
    await says('ada lovelace signed in', 'root ended all sessions of ada lovelace')
    const { session } = await world.startSession(ada)
    await sessions.endOne(caller, ada, sessionID(session))
    world.onExpired(session)
    await says('root ended a session of ada lovelace', 'A session of ada lovelace expired')
    const again = await world.enter('root', 'password 1')
    await says('root signed in')
    const rootID = caller.principal.user.id
    await passwords.change(caller, rootID, Buffer.from('password 1'), 'password 3')
    await says('root changed their password', 'root ended their other sessions')
    assert.ok(again.key)
    const wrong = () =>
      assert.rejects(passwords.change(caller, rootID, Buffer.from('password 1'), 'password 4'))
    await wrong()
    await assert.rejects(world.enter('root', 'wrong'))
    await assert.rejects(world.enter('nobody', 'wrong'))
    const refusal = (code: 'unauthorized' | 'too many requests', name: string, orgID?: typeof org) =>
      world.trail.refuse(new SluiceError(code, ''), {
        ...{ event: 'access', actor: orgID ? { userID: ada } : {}, origin: ORIGIN },
        target: { type: 'route', name, orgID },
      })
    refusal('unauthorized', 'GetAudit', org)
    refusal('too many requests', 'GET')
    await says(
      'root tried to change their password and was refused',
      'Sign-in as root was refused',
      'A sign-in was refused',
      'ada lovelace tried to use the operation GetAudit in factory-floor and was refused',
      'Somebody tried to reach a path that does not exist and was throttled',
    )
    const bucketID = (await buckets.create(caller, { orgID: org, name: 'points' })).id
    const use = { caller, orgID: org, durationMs: 1, status: 200, outcome: 'success' } as const
    for (const kind of ['query', 'delete', 'write'] as const) {
      const more = kind === 'query' ? {} : { bucketID }
      world.dataTrail.note({ ...use, kind, ...more })
      world.dataTrail.note({ ...use, kind, ...more, outcome: 'failed' })
    }
    world.dataTrail.note({ ...use, kind: 'query', database: 'telegraf' })
    world.dataTrail.note({ ...use, kind: 'write', database: 'telegraf/week' })
    world.dataTrail.note({ ...use, kind: 'write', database: 'guessed', outcome: 'failed' })
    await says(
      'root created the bucket points in factory-floor',
      'root queried data in factory-floor',
      'root queried the database telegraf in factory-floor',
      'A query of data in factory-floor by root failed',
      'root deleted data from the bucket points in factory-floor',
      'A deletion of data from the bucket points in factory-floor by root failed',
      'Data was written to the bucket points in factory-floor',
      'Data was written to the database telegraf/week in factory-floor',
      'A write to the bucket points in factory-floor failed',
      'A write to factory-floor failed',
    )
    for (const target of [
      { type: 'user', id: ada },
      { type: 'address', name: '192.0.2.1', userID: ada },
      { type: 'address', name: '192.0.2.1' },
    ]) {
      await world.changes(async (change) => change.records({ event: 'throttled.release', target, caller }))
    }
    await says(
      'root released ada lovelace, who was throttled',
      'root released ada lovelace, who was throttled at 192.0.2.1',
      'root released the throttled address 192.0.2.1',
    )
    const { secondFactors, applicationPasswords, factorAdministration } = world
    await factorAdministration.setRequiredFor(caller, org, 'nobody')
    const begun = await secondFactors.beginTotp(caller)
    const secret = secretOf(begun.secret)
    const code = codeAt(secret, world.clock.at)
    const enrolled = await secondFactors.finishTotp(caller, { ...begun, name: 'phone', code })
    const [recovery = ''] = enrolled.recoveryCodes ?? []
    const due = await world.enter('root', 'password 3').catch((error: SecondFactorDueError) => error)
    const { pending } = due as SecondFactorDueError
    const full = await world.secondFactorSignIn({
      pending,
      proof: recovery,
      presentedKeys: [],
      origin: ORIGIN,
    })
    const both = await world.asSession(full.key)
    await secondFactors.rename(both, enrolled.factor.id, 'tablet')
    await secondFactors.renewRecoveryCodes(both)
    const client = { name: 'telegraf', access: 'read', expiresAt: undefined } as const
    const application = await applicationPasswords.create(both, client)
    await applicationPasswords.remove(both, application.record.id)
    await factorAdministration.reset(both, ada)
    await secondFactors.remove(both, enrolled.factor.id)
    await says(
      'root changed who must have a second factor in factory-floor',
      'root added the second factor phone',
      'root ended their other sessions',
      'root signed in',
      'root signed in with a recovery code',
      'root renamed a second factor to tablet',
      'root made new recovery codes',
      'root created the application password telegraf',
      'root deleted the application password telegraf',
      'root removed all second factors of ada lovelace',
      'root removed the second factor tablet',
    )
    const { invitations, passwordLinks, userEmails } = world
    const mailed = async () => {
      while (world.mails.length === 0) await new Promise((resolve) => setImmediate(resolve))
      return secretOfLink(world.mails.shift()?.text ?? '')
    }
    await userEmails.set(caller, ada, 'ada@example.com')
    await userEmails.verify(await mailed(), ORIGIN)
    await passwordLinks.create(caller, ada, { mail: false })
    await passwordLinks.forgot('ada lovelace', ORIGIN)
    await passwordLinks.reset(await mailed(), 'password 5', ORIGIN)
    await userEmails.remove(caller, ada)
    await assert.rejects(world.describeLink('no link', ORIGIN))
    await assert.rejects(passwordLinks.reset('no link', 'password 6', ORIGIN))
    const { url = '' } = await invitations.create(caller, org, { role: 'member' })
    await invitations.accept(secretOfLink(url), { name: 'dan', password: 'password 7' }, ORIGIN)
    const { invitation } = await invitations.create(caller, org, { role: 'owner', name: 'eve' })
    await invitations.revoke(caller, org, invitation.id)
    await says(
      'root entered an e-mail address of ada lovelace, to be verified',
      'ada lovelace verified their e-mail address',
      'root made a link to set a new password for ada lovelace',
      'A link to set a new password was mailed to ada lovelace',
      'ada lovelace set a new password by a link',
      'root removed the e-mail address of ada lovelace',
      'A link that does not work was opened',
      'Somebody tried to set a new password by a link and was refused',
      'root invited somebody to factory-floor',
      'dan became a user',
      'dan accepted an invitation to factory-floor',
      'root invited eve to factory-floor',
      'root revoked the invitation of eve to factory-floor',
    )
    const given = rules(['dev=factory-floor:member'], { allowedGroups: ['dev'] })
    const person = { names: ['eve'], subject: 'e' }
    const { user: eve } = await world.signInOutside(outside(outsider(['dev'], person), given))
    await assert.rejects(world.signInOutside(outside(outsider([], { subject: 'x' }), given)))
    await says(
      'eve became a user',
      'eve linked an identity of corp',
      'corp (dev) added eve to factory-floor as member',
      'eve signed in through corp',
      'A sign-in through corp: outside-not-allowed was refused',
    )
    await authorizations.create(caller, { ...input, userID: eve.id })
    const agent = { orgID: org, permissions, name: 'agent', userID: eve.id }
    await legacyAuthorizations.create(caller, agent)
    await world.endOutside({ userID: eve.id }, 'gone')
    await world.switchedOffTokens.switchOn(caller, eve.id)
    await says(
      'root created the token deploys of eve',
      'root created the 1.x authorization agent',
      'the provider (gone from the directory) ended all sessions of eve',
      'the provider (gone from the directory) disabled the token deploys of eve',
      'the provider (gone from the directory) disabled the 1.x authorization agent of eve',
      'root enabled the token deploys of eve',
      'root enabled the 1.x authorization agent of eve',
    )
    const [link] = await world.identities.ofUser(caller.principal, eve.id)
    assert.ok(link)
    await world.identities.unlink(caller, eve.id, link.id)
    await world.identities.link(caller, eve.id, link)
    await says(
      'corp (dev) removed the member eve from factory-floor',
      'root disabled the token deploys of eve',
      'root disabled the 1.x authorization agent of eve',
      'root unlinked an identity of corp from eve',
      'root linked an identity of corp to eve',
    )
    const { passkeyEnrolment, passkeySignIn } = world
    const device = createAuthenticator({ origin: relyingParty.origin, rpId: relyingParty.id })
    const making = await passkeyEnrolment.begin(both)
    const answer = device.create(making.options)
    await passkeyEnrolment.finish(both, { ...making, name: 'laptop', answer })
    const signInAt = async (counter: number) => {
      const { options, pending: waiting } = await passkeySignIn.begin()
      const shown = { pending: waiting, answer: device.get(options, { counter }) }
      return passkeySignIn.finish({
        ...{ ...shown, wanted: {}, remember: false, presentedKeys: [], origin: ORIGIN },
      })
    }
    await signInAt(2)
    // The refused sign-in is counted with those of the same minute above.
    await refused(() => signInAt(1), 'unauthorized')
    await says(
      'root added the second factor laptop',
      'root signed in',
      'root tried to sign in with laptop, which seems to be copied, and was refused',
    )
    const external = await createExternal(world, [{ subject: 'agent', gives: 'factory-floor/*:read' }])
    await external.tokens.of(await external.sign({ sub: 'agent' }), ORIGIN)
    await refused(async () => external.tokens.of(await external.sign({ sub: 'other' }), ORIGIN), 'forbidden')
    await refused(
      async () => external.tokens.of(await external.sign({ aud: 'other' }), ORIGIN),
      'unauthorized',
    )
    await says(
      'lab:agent came with a new token of lab (by the rules for agent)',
      'A token of lab for lab:other was refused: no rule is about it',
      'A token of lab was refused',
    )
    await sessions.endAllOfInstance(caller)
    await users.remove(caller, ada)
    await organizations.remove(caller, org)
    await says(
      "root ended everybody's sessions",
      'root deleted the user ada lovelace',
      'root deleted the organization factory-floor',
    )
    const own = await world.startSession(rootID)
    await sessions.end(own.key, ORIGIN)
    await says('root signed out')
    const importer = createImporter({
      ...{ changes: world.changes, longestName: undefined },
      origin: { ...ORIGIN, userAgent: 'sluice import' },
    })
    const brought = {
      ...NO_RECORDS,
      users: [{ id: '00000000000000f1' as ID, name: 'cai', status: 'active' as const }],
    }
    for (const add of [true, true]) await importer.run(brought, { add, dryRun: false })
    await says(
      'sluice import imported 1 user from InfluxDB',
      'sluice import imported nothing new from InfluxDB',
    )
    assert.deepEqual([...kinds].toSorted(), Object.keys(AUDIT_KINDS).toSorted())
  })

  test('is there for every kind and outcome, whatever of the event is unknown', () => {
    const type = (name: string) => ({ type: name, id: undefined })
    for (const event of [...Object.keys(AUDIT_KINDS), 'later.kind', 'toString']) {
      for (const outcome of OUTCOMES) {
        for (const target of ['user', 'organization', 'bucket', 'session', 'instance', 'route'].map(type)) {
          const text = textOf({ event, outcome, actor: {}, target, userAgent: '' })
          assert.match(text, /^[A-Z]/, text)
          assert.doesNotMatch(text, /[{}]|undefined/, text)
          // A verb, not its form with -ing.
          assert.doesNotMatch(text, /tried to \w+ing\b/, text)
        }
      }
    }
  })

  test('tells names from its own words, and those of now from those of then', () => {
    const parts = sentenceOf({
      ...{ event: 'owner.add', outcome: 'success', userAgent: '' },
      actor: { userID: 'a1', userName: '{target} ada' },
      target: { type: 'organization', id: 'c1', name: '', userID: 'b1', userName: 'bob' },
      currentNames: ['target.userName'],
    })
    const [actor, user, org] = parts.filter((part) => typeof part !== 'string')
    assert.deepEqual([actor?.text, actor?.isName, actor?.isCurrent], ['{target} ada', true, false])
    assert.deepEqual([user?.type, user?.text, user?.isCurrent], ['user', 'bob', true])
    assert.deepEqual([org?.type, org?.text, org?.isName], ['organization', 'c1', false])
    assert.equal(parts.length, 6)
  })

  test('of a refused path of InfluxDB says what is done there, or names it', () => {
    const event = { event: 'access', outcome: 'refused', actor: { userName: 'ada' }, userAgent: '' }
    const says = (name: string) => textOf({ ...event, target: { type: 'route', name } })
    assert.equal(says('/api/v2/write'), 'ada tried to write data and was refused')
    assert.equal(says('/query'), 'ada tried to query data and was refused')
    assert.equal(says('/api/v2/tasks/:id'), 'ada tried to use /api/v2/tasks/:id and was refused')
  })

  test('of what the recovery commands do names them', () => {
    const event = { event: 'password.reset', outcome: 'success', actor: {}, userAgent: 'sluice recovery' }
    assert.equal(
      textOf({ ...event, target: { type: 'user', id: 'a1', name: 'ada' } }),
      'sluice recovery reset the password of ada',
    )
  })
})
