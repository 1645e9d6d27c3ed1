/** Looking the users of a real directory up again. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Client } from 'ldapts'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import type { ID } from '../../src/domain/base/id.ts'
import { createDirectoryRecheck } from '../../src/domain/single-sign-on/directory-recheck.ts'
import { foldDn, foldValue } from '../../src/ldap/names.ts'
import { rules } from '../support/outside.ts'
import { createWorld, type World } from '../support/world.ts'
import {
  ADMINS,
  COMPANY,
  clientOf,
  createTls,
  dnOf,
  groupLdif,
  passwordOf,
  personLdif,
  ROOT_DN,
  ROOT_PASSWORD,
  startCompany,
  type Tls,
  withoutSlapd,
} from './world.ts'

const PEOPLE = Array.from({ length: 37 }, (_, at) => `person-${at}`)

describe('looking users up again', { skip: withoutSlapd, timeout: 120_000 }, () => {
  let tls: Tls
  let slapd: Slapd
  let root: Client
  let world: World
  let link: ReturnType<typeof linkOf>
  before(async () => {
    tls = createTls()
    const more =
      PEOPLE.map((uid) => personLdif(uid)).join('') + groupLdif('staff', [dnOf('bob'), dnOf('carol')])
    slapd = await startCompany(tls, { ldif: COMPANY + more })
    root = new Client({ url: slapd.plainUrl })
    await root.bind(ROOT_DN, ROOT_PASSWORD)
  })
  after(async () => {
    await root?.unbind()
    await slapd?.stop()
  })

  function linkOf(more: Parameters<typeof clientOf>[2] = {}) {
    const { directory } = clientOf([slapd.tlsUrl], tls, { disabledFilter: '(description=off)', ...more })
    const canonicalGroup = (group: string) => foldDn(group) ?? foldValue(group)
    const own = rules([`${ADMINS}=lab:owner`], { secondFactor: 'local', operatorGroups: [], canonicalGroup })
    return { directory, rules: own, isRechecked: true }
  }

  beforeEach(async (t) => {
    link = linkOf()
    const { directory } = link
    ;(t as unknown as { after(fn: () => void): void }).after?.(() => directory.close())
    world = await createWorld({ directory: link })
    const operator = await world.addOperator()
    await world.organizations.create(operator.caller, { name: 'lab' })
  })

  function recheck(more: Partial<ReturnType<typeof linkOf>> = {}) {
    const { endOutside, provideMemberships, changes, log, store } = world
    return createDirectoryRecheck({
      ...{ ...link, ...more, ...store, endOutside, provideMemberships, changes, log },
    }).run()
  }

  async function signIn(uid: string): Promise<ID> {
    const { user } = (await world.enter(uid, passwordOf(uid))) as unknown as { user: { id: ID } }
    return user.id
  }

  async function sessionsOf(userID: ID) {
    return world.sessionStore.ofUser(userID)
  }

  test('whoever is still there keeps the session, and gets the groups of now', async () => {
    const alice = await signIn('alice')
    const members = await world.store.memberships.ofUser(alice)
    assert.equal(members.length, 1)
    assert.equal(await recheck({ rules: rules(['staff=lab:member']) }), 0)
    assert.deepEqual(await world.store.memberships.ofUser(alice), [])
    assert.equal((await sessionsOf(alice)).length, 1)
    assert.equal(await recheck(), 0)
    assert.equal((await world.store.memberships.ofUser(alice)).length, 1)
  })

  test('the sessions of who is gone or switched off end, once', async () => {
    await root.add(dnOf('leaver'), {
      ...{ objectClass: 'inetOrgPerson', uid: 'leaver', cn: 'leaver', sn: 'leaver' },
      userPassword: passwordOf('leaver'),
    })
    const [leaver, alice] = [await signIn('leaver'), await signIn('alice')]
    await root.del(dnOf('leaver'))
    assert.equal(await recheck(), 1)
    assert.equal((await sessionsOf(leaver)).length, 0)
    assert.equal((await sessionsOf(alice)).length, 1)
    assert.equal(await recheck(), 0)
    await assert.rejects(world.enter('leaver', passwordOf('leaver')), { code: 'unauthorized' })
  })

  test('of who is no longer in an allowed group as well', async () => {
    const [bob, carol] = [await signIn('carol'), await signIn('alice')]
    assert.equal(await recheck({ rules: { ...link.rules, allowedGroups: ['staff'] } }), 1)
    assert.deepEqual([(await sessionsOf(bob)).length, (await sessionsOf(carol)).length], [1, 0])
  })

  test('ldap-21: a directory that is away changes nothing', async () => {
    const alice = await signIn('alice')
    const away = clientOf(['ldaps://127.0.0.1:1'], tls).directory
    assert.equal(await recheck({ directory: away }), undefined)
    const noBase = clientOf([slapd.tlsUrl], tls, { baseDn: 'ou=nowhere,dc=corp,dc=test' }).directory
    // The same people, asked for below a base that is not there.
    assert.equal(await recheck({ directory: { ...noBase, issuer: link.directory.issuer } }), undefined)
    noBase.close()
    assert.equal((await sessionsOf(alice)).length, 1)
    assert.equal((await world.store.users.byID(alice))?.status, 'active')
    assert.equal(world.lines.filter(({ level }) => level === 'warn').length, 2)
  })

  test('ldap-22: 30 of 40 gone at once change nothing', async () => {
    const all = ['alice', 'carol', 'person-36', ...PEOPLE.slice(0, 36)]
    const ids: ID[] = []
    for (const uid of all) ids.push(await signIn(uid))
    const few = clientOf([slapd.tlsUrl], tls, {
      userFilter: '(&(uid={name})(|(uid=alice)(uid=carol)))',
    }).directory
    assert.equal(await recheck({ directory: few }), undefined)
    few.close()
    for (const id of ids) assert.equal((await sessionsOf(id)).length, 1)
    assert.ok(
      world.lines.some(({ level, fields }) => level === 'warn' && fields.gone === 37 && fields.of === 39),
    )
    // Few enough are people who left.
    const most = clientOf([slapd.tlsUrl], tls, {
      userFilter: '(&(uid={name})(!(|(uid=alice)(uid=carol))))',
    }).directory
    assert.equal(await recheck({ directory: most }), 2)
    most.close()
  })

  test('who is back may sign in again, and is gone again another time', async () => {
    const carol = await signIn('carol')
    const without = { rules: { ...link.rules, allowedGroups: ['none'] } }
    assert.equal(await recheck(without), 1)
    assert.equal(await recheck(), 0)
    assert.equal(await signIn('carol'), carol)
    assert.equal(await recheck(without), 1)
    assert.equal((await sessionsOf(carol)).length, 0)
  })
})
