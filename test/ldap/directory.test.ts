/** The client of directories against a real OpenLDAP, and against servers that misbehave. */
import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Attribute, Change, Client } from 'ldapts'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import type { Directory } from '../../src/domain/records/directory.ts'
import {
  ACCESS,
  ADMINS,
  COMPANY,
  clientOf,
  createTls,
  dnOf,
  GROUPS,
  groupDn,
  groupLdif,
  PEOPLE,
  passwordOf,
  ROOT_DN,
  ROOT_PASSWORD,
  SEARCHER_DN,
  SUFFIX,
  startCompany,
  type Tls,
  withoutSlapd,
} from './world.ts'

const AWAY = { code: 'unavailable', reason: 'directory-away' }

async function signIn(directory: Directory, name: string, password = passwordOf(name)) {
  return directory.check(await directory.find(name), password)
}

async function groupsAt(directory: Directory, name: string): Promise<readonly string[]> {
  const verdict = await signIn(directory, name)
  assert.equal(verdict.kind, 'right')
  return verdict.kind === 'right' ? verdict.identity.groups : []
}

const bobs = (operation: 'add' | 'delete') =>
  new Change({ operation, modification: new Attribute({ type: 'member', values: [dnOf('bob')] }) })

/** Listens without ever answering, or answering what `answer` says. */
async function startMute(answer: (socket: Socket) => void = () => undefined) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    answer(socket)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return {
    port: address.port,
    connections: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('a directory', { skip: withoutSlapd, timeout: 120_000 }, () => {
  let tls: Tls
  let slapd: Slapd
  before(async () => {
    tls = createTls()
    slapd = await startCompany(tls, {
      // Debian's slapd refuses these itself; Active Directory does not.
      lines: ['allow bind_anon_cred bind_anon_dn'],
    })
  })
  after(() => slapd?.stop())

  /** A client that ends with the test. */
  function client(t: { after(fn: () => void): void }, more: Parameters<typeof clientOf>[2] = {}) {
    const made = clientOf([slapd.tlsUrl], tls, more)
    t.after(() => made.directory.close())
    return made
  }

  async function asRoot(work: (root: Client) => Promise<void>): Promise<void> {
    const root = new Client({ url: slapd.plainUrl })
    await root.bind(ROOT_DN, ROOT_PASSWORD)
    await work(root)
    await root.unbind()
  }

  test('says who a right password belongs to', async (t) => {
    const { directory } = client(t)
    const verdict = await signIn(directory, 'alice')
    assert.equal(verdict.kind, 'right')
    if (verdict.kind !== 'right') return
    const { identity } = verdict
    assert.equal(identity.issuer, `ldap:${SUFFIX}`)
    assert.match(identity.subject, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.deepEqual(identity.names, ['alice'])
    assert.deepEqual(identity.email, { address: 'alice@corp.test', isVerified: false })
    assert.deepEqual(identity.groups, [ADMINS.toLowerCase(), 'influx-admins'])
    assert.deepEqual(identity.claims, { dn: dnOf('alice') })
  })

  test('refuses a wrong password, an unknown name and no password alike', async (t) => {
    const { directory } = client(t)
    for (const [name, password] of [
      ['alice', 'wrong'],
      ['alice', ''],
      ['alice', '\0'],
      ['alice', `${passwordOf('alice')}\0`],
      ['nobody', 'wrong'],
      ['nobody', ''],
      ['', 'wrong'],
      ['alice\0', passwordOf('alice')],
    ] as const) {
      assert.deepEqual(await signIn(directory, name, password), { kind: 'wrong' }, `${name} ${password}`)
    }
  })

  test('names are no part of the filter', async (t) => {
    const { directory } = client(t)
    for (const name of ['*', 'a*', '*)(uid=*', 'alice)(objectClass=*', '\\2a']) {
      assert.equal(await directory.find(name), undefined, name)
    }
  })

  test('variants of a name are the same entry', async (t) => {
    const { directory } = client(t)
    const keys = await Promise.all(
      ['alice', 'ALICE', 'alice ', ' alice'].map(async (name) => (await directory.find(name))?.key),
    )
    assert.equal(new Set(keys).size, 1)
    assert.ok(keys[0])
  })

  test('a name that several entries have finds nobody', async (t) => {
    const { directory } = client(t, { userFilter: '(|(uid={name})(description=*)(uid=carol))' })
    assert.equal(await directory.find('alice'), undefined)
  })

  test('an entry that is switched off is told apart only with the right password', async (t) => {
    const { directory } = client(t, { disabledFilter: '(description=off)' })
    assert.equal((await signIn(directory, 'bob')).kind, 'disabled')
    assert.equal((await signIn(directory, 'bob', 'wrong')).kind, 'wrong')
    assert.equal((await signIn(directory, 'alice')).kind, 'right')
  })

  test('an account that has expired is told by the time', async (t) => {
    const clock = { at: Date.UTC(2024, 0, 1) }
    const expires = '133485408000000000'
    await asRoot((root) =>
      root.add(dnOf('guest'), {
        ...{ objectClass: ['inetOrgPerson', 'posixAccount'], uid: 'guest', cn: 'guest', sn: 'guest' },
        ...{ userPassword: passwordOf('guest'), homeDirectory: '/', gidNumber: '1', uidNumber: expires },
      }),
    )
    t.after(() => asRoot((root) => root.del(dnOf('guest'))))
    // No attribute of these schemas can be compared by size.
    const made = clientOf([slapd.tlsUrl], tls, { disabledFilter: '(uidNumber={now})' }, () => clock.at)
    t.after(() => made.directory.close())
    const { directory } = made
    assert.equal((await signIn(directory, 'guest')).kind, 'disabled')
    clock.at += 1
    const verdict = await signIn(directory, 'guest')
    assert.ok(verdict.kind === 'right')
    const { subject } = verdict.identity
    assert.notEqual((await directory.lookUp([subject]))?.get(subject), 'disabled')
    clock.at -= 1
    assert.equal((await directory.lookUp([subject]))?.get(subject), 'disabled')
  })

  test('signs in by a template, without an account that searches', async (t) => {
    const { directory } = client(t, {
      bindTemplate: `uid={name},${PEOPLE}`,
      bindDn: undefined,
      groups: { ...GROUPS, from: 'member-of' },
    })
    const verdict = await signIn(directory, 'alice')
    assert.equal(verdict.kind, 'right')
    for (const name of [`alice,${PEOPLE}`, 'alice+cn=alice', 'nobody']) {
      assert.equal((await signIn(directory, name, passwordOf('alice'))).kind, 'wrong', name)
    }
    assert.equal(await directory.lookUp(['x']), undefined)
  })

  test('whom the user filter does not find is not let in by a template', async (t) => {
    const { directory } = client(t, {
      bindTemplate: `uid={name},${PEOPLE}`,
      userFilter: '(&(uid={name})(description=off))',
    })
    assert.equal((await signIn(directory, 'alice')).kind, 'wrong')
    assert.equal((await signIn(directory, 'bob')).kind, 'right')
  })

  describe('groups', () => {
    const fold = (...names: string[]) =>
      names.flatMap((name) => [groupDn(name).toLowerCase(), name.toLowerCase()])

    test('by search, also none', async (t) => {
      const { directory } = client(t)
      assert.deepEqual(await groupsAt(directory, 'alice'), fold('Influx-Admins'))
      assert.deepEqual(await groupsAt(directory, 'bob'), [])
    })

    test('by an attribute of the user', async (t) => {
      // Entries get it from the server when a group is changed, not when the data is loaded.
      await asRoot((root) => root.modify(groupDn('team'), bobs('add')))
      t.after(() => asRoot((root) => root.modify(groupDn('team'), bobs('delete'))))
      const { directory } = client(t, { groups: { ...GROUPS, from: 'member-of' } })
      assert.deepEqual(await groupsAt(directory, 'bob'), fold('team'))
    })

    test('nested, level by level, also in circles', async (t) => {
      const { directory } = client(t, { groups: { ...GROUPS, nested: 'expand' } })
      assert.deepEqual(await groupsAt(directory, 'alice'), fold('Influx-Admins', 'team', 'all'))
      assert.deepEqual(
        new Set(await groupsAt(directory, 'carol')),
        new Set(fold('team', 'circle-1', 'all', 'circle-2')),
      )
    })

    test('more than one page of them, unless the server says that it left some out', async (t) => {
      const many = Array.from({ length: 620 }, (_, at) => groupLdif(`many-${at}`, [dnOf('bob')])).join('')
      const large = await startCompany(tls, {
        ldif: COMPANY + many,
        databaseLines: [...ACCESS, `limits dn.exact="${SEARCHER_DN}" size=unlimited`],
      })
      t.after(() => large.stop())
      const { directory } = clientOf([large.tlsUrl], tls)
      assert.equal((await groupsAt(directory, 'bob')).length, 2 * 620)
      directory.close()
      // OpenLDAP's own limit is 500, whatever the size of pages.
      const limited = await startCompany(tls, { ldif: COMPANY + many })
      t.after(() => limited.stop())
      const { directory: cut } = clientOf([limited.tlsUrl], tls)
      t.after(() => cut.close())
      await assert.rejects(signIn(cut, 'bob'), AWAY)
    })

    test('a group named like the one that gives rights is not taken for it', async (t) => {
      const escaped = ADMINS.replaceAll(/[,=]/g, '\\$&')
      const dn = `cn=${escaped},ou=groups,${SUFFIX}`
      await asRoot((root) => root.add(dn, { objectClass: 'groupOfNames', cn: ADMINS, member: dnOf('bob') }))
      t.after(() => asRoot((root) => root.del(dn)))
      const { directory } = client(t)
      const groups = await groupsAt(directory, 'bob')
      assert.equal(groups.length, 1)
      assert.ok(!groups.includes(ADMINS.toLowerCase()))
    })

    test('that cannot be read are a failure, not an empty list', async (t) => {
      const { directory } = client(t, { groups: { ...GROUPS, baseDn: `ou=nowhere,${SUFFIX}` } })
      await assert.rejects(signIn(directory, 'alice'), AWAY)
    })
  })

  describe('looking people up', () => {
    test('says who is there, who is switched off and who is gone', async (t) => {
      const { directory } = client(t, { disabledFilter: '(description=off)' })
      const subject = async (name: string) => (await directory.find(name))?.subject ?? ''
      const [alice, bob] = [await subject('alice'), await subject('bob')]
      const gone = '00000000-0000-4000-8000-000000000000'
      const seen = await directory.lookUp([alice, bob, gone])
      assert.deepEqual([...(seen?.keys() ?? [])].sort(), [alice, bob].sort())
      assert.equal(seen?.get(bob), 'disabled')
      const found = seen?.get(alice)
      assert.deepEqual(found !== 'disabled' && found?.names, ['alice'])
    })

    test('is a failure if the base is not there', async (t) => {
      const { directory } = client(t, { baseDn: `ou=nowhere,${SUFFIX}` })
      await assert.rejects(directory.lookUp(['x']), AWAY)
    })

    test('does not find whom the user filter does not find any more', async (t) => {
      const { directory } = client(t)
      const subject = (await directory.find('alice'))?.subject ?? ''
      const { directory: narrow } = client(t, { userFilter: '(&(uid={name})(description=off))' })
      assert.equal((await narrow.lookUp([subject]))?.size, 0)
    })
  })

  describe('connections', () => {
    test('the searching one is used again, and replaced when it was closed', async (t) => {
      const { directory, lines } = client(t)
      await directory.find('alice')
      await slapd.restart()
      assert.ok(await directory.find('alice'))
      assert.deepEqual(lines, [])
    })

    test('by STARTTLS they are replaced as well', async (t) => {
      const { directory, lines } = clientOf([slapd.plainUrl], tls)
      t.after(() => directory.close())
      assert.ok(await directory.find('alice'))
      await slapd.restart()
      assert.ok(await directory.find('alice'))
      assert.equal((await signIn(directory, 'alice')).kind, 'right')
      assert.deepEqual(lines, [])
    })

    test('many searches at once share one', async (t) => {
      const { directory } = client(t)
      const found = await Promise.all(Array.from({ length: 50 }, () => directory.find('alice')))
      assert.equal(new Set(found.map((each) => each?.key)).size, 1)
    })

    test('the next server is asked if one is away', async (t) => {
      const mute = await startMute()
      t.after(() => mute.stop())
      const urls = ['ldaps://127.0.0.1:1', `ldap://127.0.0.1:${mute.port}`, slapd.tlsUrl]
      const { directory, lines } = clientOf(urls, tls, { timeoutMs: 300 })
      t.after(() => directory.close())
      assert.equal((await signIn(directory, 'alice')).kind, 'right')
      assert.deepEqual(
        lines.map(({ fields }) => [fields.url, fields.problem]),
        [
          [urls[0], 'unreachable'],
          [urls[1], 'timeout'],
        ],
      )
      const begun = performance.now()
      await signIn(directory, 'alice')
      assert.ok(performance.now() - begun < 250, 'the mute server is asked last for a while')
    })

    test('a directory that is away is no wrong password', async () => {
      const { directory } = clientOf(['ldaps://127.0.0.1:1'], tls)
      await assert.rejects(directory.find('alice'), AWAY)
      await assert.rejects(directory.check(undefined, 'x'), AWAY)
      await assert.rejects(directory.lookUp(['x']), AWAY)
    })

    test('a mute server costs no more than the time limit', async (t) => {
      const mute = await startMute()
      t.after(() => mute.stop())
      for (const url of [`ldaps://127.0.0.1:${mute.port}`, `ldap://127.0.0.1:${mute.port}`]) {
        const { directory } = clientOf([url], tls, { timeoutMs: 300 })
        const begun = performance.now()
        await assert.rejects(directory.find('alice'), AWAY)
        assert.ok(performance.now() - begun < 1500)
      }
    })

    test('a server that closes at once, or sends nonsense, is away', async (t) => {
      for (const answer of [
        (socket: Socket) => socket.end(),
        (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
        (socket: Socket) => socket.write(Buffer.from('300c02010178070a010004000400', 'hex')),
      ]) {
        const odd = await startMute(answer)
        t.after(() => odd.stop())
        const { directory } = clientOf([`ldap://127.0.0.1:${odd.port}`], tls, { timeoutMs: 300 })
        await assert.rejects(directory.find('alice'), AWAY)
      }
    })

    test('a wrong password of the searching account is a failure, never a wrong password', async (t) => {
      const { directory, lines } = client(t, { bindPassword: () => 'wrong' })
      await assert.rejects(signIn(directory, 'alice'), AWAY)
      assert.ok(lines.some(({ fields }) => fields.problem === 'service-account'))
      const { directory: empty } = client(t, { bindPassword: () => '' })
      await assert.rejects(signIn(empty, 'alice'), AWAY)
    })

    test('nothing that is logged has a password', async (t) => {
      const { directory, lines } = client(t, { bindPassword: () => 'secret of the service' })
      await directory.find('alice').catch(() => undefined)
      const { directory: right, lines: more } = client(t)
      await right.check(await right.find('alice'), 'secret of alice')
      assert.doesNotMatch(JSON.stringify([lines, more]), /secret/)
    })
  })

  describe('certificates', () => {
    const refused = async (t: { after(fn: () => void): void }, url: string, given: Tls) => {
      const { directory, lines } = clientOf([url], given)
      t.after(() => directory.close())
      await assert.rejects(signIn(directory, 'alice'), AWAY)
      assert.equal(lines[0]?.fields.problem, 'tls', JSON.stringify(lines))
    }

    test('of an unknown authority are refused, before a password is sent', async (t) => {
      await refused(t, slapd.tlsUrl, createTls())
      await refused(t, slapd.plainUrl, createTls())
    })

    test('for another name are refused, also by STARTTLS', async (t) => {
      const other = createTls('DNS:localhost')
      const server = await startCompany(other)
      t.after(() => server.stop())
      await refused(t, server.tlsUrl, other)
      await refused(t, server.plainUrl, other)
      const { directory } = clientOf([server.plainUrl.replace('127.0.0.1', 'localhost')], other)
      t.after(() => directory.close())
      assert.equal((await signIn(directory, 'alice')).kind, 'right')
    })

    test('are asked for: without STARTTLS on the server nothing is sent', async (t) => {
      const sent: (string | Buffer)[] = []
      /** Answers the extended request of STARTTLS: unavailable (RFC 4511, 4.14.2). */
      const refusing = await startMute((socket) =>
        socket.on('data', (data) => {
          sent.push(data)
          socket.write(Buffer.from('300c02010278070a013404000400', 'hex'))
        }),
      )
      t.after(() => refusing.stop())
      await refused(t, `ldap://127.0.0.1:${refusing.port}`, tls)
      assert.doesNotMatch(sent.join(''), /password/)
    })

    test('what was sent before TLS is not read as an answer', async (t) => {
      // Success of STARTTLS, and in the same packet success of the bind that will follow.
      const injecting = await startMute((socket) =>
        socket.once('data', () => {
          socket.write(Buffer.from('300c02010278070a010004000400' + '300c02010261070a010004000400', 'hex'))
        }),
      )
      t.after(() => injecting.stop())
      const { directory } = clientOf([`ldap://127.0.0.1:${injecting.port}`], tls, { timeoutMs: 300 })
      await assert.rejects(signIn(directory, 'alice'), AWAY)
    })
  })

  test('a referral is not followed', async (t) => {
    const evil = await startMute()
    t.after(() => evil.stop())
    const referring = await startCompany(tls, { lines: [`referral ldap://127.0.0.1:${evil.port}`] })
    t.after(() => referring.stop())
    const { directory, lines } = clientOf([referring.tlsUrl], tls, { baseDn: 'dc=elsewhere,dc=test' })
    t.after(() => directory.close())
    await assert.rejects(signIn(directory, 'alice'), AWAY)
    assert.equal(evil.connections(), 0)
    assert.ok(lines.some(({ fields }) => fields.problem === 'referral'))
  })

  test('a connection that is not used for long does not keep the process', async (t) => {
    const { directory } = client(t)
    await directory.find('alice')
    directory.close()
    await sleep(10)
  })
})
