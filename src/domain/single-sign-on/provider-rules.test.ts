import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { claimAt, claimValues, groupsIn, lacksGroups } from './claims.ts'
import { membershipOf, parseClaimRule, parseGroupRole, saysTwoFactors } from './provider-rules.ts'

suite('group roles', () => {
  test('are cut at the last = and the last :, and for buckets at the first /', () => {
    const cases = {
      'dev=lab:member': { group: 'dev', organization: 'lab', role: 'member' },
      '*=lab:owner': { group: '*', organization: 'lab', role: 'owner' },
      'cn=Influx-Admins,ou=groups,dc=corp,dc=test=lab:owner': {
        ...{ group: 'cn=Influx-Admins,ou=groups,dc=corp,dc=test', organization: 'lab', role: 'owner' },
      },
      'a:b=c:d:owner': { group: 'a:b', organization: 'c:d', role: 'owner' },
      'dev=lab/telegraf/autogen:read': {
        ...{ group: 'dev', organization: 'lab', bucket: 'telegraf/autogen', role: 'member' },
      },
      ' dev = lab / cpu : write ': { group: 'dev', organization: 'lab', bucket: 'cpu', role: 'owner' },
    } as const
    for (const [text, expected] of Object.entries(cases)) {
      assert.deepEqual(parseGroupRole(text), expected, text)
    }
  })

  test('anything else is refused', () => {
    const wrong = [
      ...['', 'dev', 'dev=lab', '=lab:owner', 'dev=:owner', 'dev=lab:admin', 'dev:lab=owner'],
      ...[
        'dev=lab:read',
        'dev=/b:read',
        'dev=lab/:read',
        'dev=lab:constructor',
        ' =lab:owner',
        'dev= :owner',
      ],
    ]
    assert.deepEqual(wrong.filter(parseGroupRole), [])
  })

  test('no text makes it throw, and what it takes has a group and an organization', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseGroupRole(text)
        assert.ok(!parsed || (parsed.group !== '' && parsed.organization !== '' && parsed.bucket !== ''))
      }),
    )
  })
})

test('groups are equal exactly, or as the rules write them', () => {
  const exact = membershipOf({}, { groups: ['Dev'] })
  assert.deepEqual([exact('Dev'), exact('dev'), exact('*')], [true, false, true])
  const folded = membershipOf({ canonicalGroup: (group) => group.toLowerCase() }, { groups: ['Dev'] })
  assert.equal(folded('dEV'), true)
})

suite('claims', () => {
  const claims = {
    groups: ['a'],
    realm_access: { roles: ['dev', 7, null, { x: 1 }] },
    'a/b': { '~c': 'x' },
    no: false,
  }

  test('are found by name or JSON pointer', () => {
    assert.deepEqual(claimAt(claims, '/realm_access/roles/0'), 'dev')
    assert.equal(claimAt(claims, '/a~1b/~0c'), 'x')
    assert.equal(claimAt(claims, 'realm_access/roles'), undefined)
    assert.equal(claimAt(claims, '/realm_access/none/deeper'), undefined)
    for (const path of ['__proto__', '/__proto__/x', 'constructor', '/groups/length/x', 'toString']) {
      assert.equal(claimAt(claims, path), undefined, path)
    }
  })

  test('groups are strings, alone or in a list; without the claim there are none', () => {
    assert.deepEqual(groupsIn(claims, '/realm_access/roles'), ['dev'])
    assert.deepEqual(groupsIn({ groups: 'dev' }, 'groups'), ['dev'])
    assert.deepEqual(groupsIn({ groups: [''] }, 'groups'), [])
    assert.deepEqual(groupsIn({}, 'groups'), [])
    assert.deepEqual(groupsIn({ groups: { dev: true } }, 'groups'), [])
  })

  test('groups that were left out are not taken for none', () => {
    const overage = { _claim_names: { groups: 'src1' }, _claim_sources: {} }
    assert.deepEqual([lacksGroups(overage, 'groups'), lacksGroups(overage, '/groups')], [true, true])
    assert.deepEqual([lacksGroups(overage, 'roles'), lacksGroups({ groups: [] }, 'groups')], [false, false])
    assert.equal(lacksGroups({ hasgroups: true }, 'groups'), true)
  })

  test('values are texts of strings, numbers and booleans', () => {
    assert.deepEqual(claimValues(claims, '/realm_access/roles'), ['dev', '7'])
    assert.deepEqual(claimValues(claims, 'no'), ['false'])
    assert.deepEqual(claimValues(claims, 'none'), [])
    assert.deepEqual(parseClaimRule('tid = a=b '), { claim: 'tid', value: 'a=b' })
    for (const wrong of ['', '=x', 'x=', 'x', ' =x']) assert.equal(parseClaimRule(wrong), undefined)
  })
})

test('which methods are two factors (RFC 8176)', () => {
  const two = [['mfa'], ['pwd', 'otp'], ['hwk'], ['pwd', 'face'], ['fpt', 'pwd']]
  const one = [undefined, [], ['pwd'], ['face'], ['pin'], ['sms', 'pwd'], ['MFA']]
  assert.deepEqual(
    [...two.map(saysTwoFactors), ...one.map(saysTwoFactors)],
    [...two.map(() => true), ...one.map(() => false)],
  )
})
