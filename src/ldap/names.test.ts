import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FilterParser } from 'ldapts'
import { anybodyOf, cnOf, escapeDnValue, fillDn, fillFilter, fillNow, foldDn } from './names.ts'

describe('templates of filters', () => {
  test('no value becomes a part of the filter', () => {
    for (const name of ['*', '*)(uid=*', 'a)(|(uid=*', '\\2a', 'a\0b', '(', 'é*']) {
      const filter = FilterParser.parseString(fillFilter('(uid={name})', { name })) as unknown as {
        attribute: string
        value: string
      }
      assert.deepEqual([filter.attribute, filter.value], ['uid', name])
    }
  })

  test('a value that looks like a template is not filled again', () => {
    assert.equal(fillFilter('(a={name})(b={dn})', { name: '{dn}', dn: 'x' }), '(a={dn})(b=x)')
    assert.equal(fillDn('uid={name},dc=x', '{name}$&'), 'uid={name}$&,dc=x')
  })

  test('the time is counted as Active Directory does', () => {
    assert.equal(fillNow('(&(a>={now})(b<={now}))', 0), '(&(a>=116444736000000000)(b<=116444736000000000))')
    assert.equal(fillNow('{now}', Date.UTC(2024, 0, 1, 0, 0, 0, 123)), '133485408001230000')
  })

  test('anybody has a name', () => {
    assert.equal(anybodyOf('(&(objectClass=person)(uid={name}))'), '(&(objectClass=person)(uid=*))')
  })
})

describe('distinguished names', () => {
  test('a value adds no component', () => {
    const attack = 'a,ou=admins'
    assert.equal(fillDn('uid={name},dc=x', attack), 'uid=a\\,ou\\=admins,dc=x')
    for (const value of [attack, 'a+b=c', '"q"', ' a ', '#1', 'a;b', 'a\\,b', '<a>', 'é', 'a\0b']) {
      const [, own] = /^cn=(.*),dc=x$/s.exec(foldDn(`cn=${escapeDnValue(value)},dc=x`) ?? '') ?? []
      assert.ok(own !== undefined, value)
      assert.equal(cnOf(`cn=${escapeDnValue(value)},dc=x`), value.trim().toLowerCase())
    }
  })

  test('spellings of one name are equal', () => {
    const spellings = [
      'cn=Influx-Admins,ou=groups,dc=corp,dc=test',
      'CN=Influx-Admins, OU=Groups, DC=corp,DC=test',
      'cn = influx-admins ; ou="Groups" , dc=corp,dc=test',
      'cn=influx\\2dadmins,ou=groups,dc=corp,dc=test',
      'CN=INFLUX-ADMINS,OU=GROUPS,DC=CORP,DC=TEST',
    ]
    assert.deepEqual([...new Set(spellings.map(foldDn))], ['cn=influx-admins,ou=groups,dc=corp,dc=test'])
    assert.equal(foldDn('cn=M\\C3\\BCller  Ä,dc=x'), foldDn('CN=müller ä,DC=X'))
    assert.equal(foldDn('cn=a+uid=b,dc=x'), foldDn('UID=B+CN=A,dc=x'))
  })

  test('other names are not equal', () => {
    assert.notEqual(foldDn('cn=a\\,dc=x'), foldDn('cn=a,dc=x'))
    assert.notEqual(foldDn('cn=a\\ ,dc=x'), undefined)
    assert.notEqual(foldDn('cn=ab,dc=x'), foldDn('cn=a b,dc=x'))
  })

  test('what is no distinguished name has no form', () => {
    for (const text of [
      '',
      'admins',
      'cn',
      'cn=a,',
      'cn=a,b',
      '=a',
      'c n=a',
      'cn="a',
      'cn=a\\',
      'cn="a"b,dc=x',
    ]) {
      assert.equal(foldDn(text), undefined, text)
    }
  })

  test('the cn is that of the first component alone', () => {
    assert.equal(cnOf('cn=Admins,ou=groups'), 'admins')
    assert.equal(cnOf('ou=groups,cn=admins'), undefined)
  })
})
