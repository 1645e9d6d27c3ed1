import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCheckParameters } from './check-parameters.ts'

test('the query of the check says what is needed', () => {
  const nothing = {
    ...{ wanted: undefined, upstream: undefined, isReplaced: false, redirects: false, givesCookies: false },
  }
  assert.deepEqual(readCheckParameters(''), nothing)
  assert.deepEqual(readCheckParameters('action=write&bucket=a%2Fb&org=lab&redirect=true'), {
    wanted: { action: 'write', bucket: { bucket: 'a/b', org: 'lab' } },
    ...{ upstream: undefined, isReplaced: false, redirects: true, givesCookies: false },
  })
  assert.equal(readCheckParameters('upstream=main&replace=true').isReplaced, true)
  assert.equal(readCheckParameters('upstream=main&redirect=false').upstream, 'main')
  assert.equal(readCheckParameters('cookies=true').givesCookies, true)
  assert.equal(readCheckParameters('upstream').upstream, '')
})

test('what it does not understand never becomes a check that asks for less', () => {
  for (const query of [
    ...['acton=write&buckt=b', 'action=write', 'bucket=b&org=lab', 'org=lab', 'action=delete&bucket=b'],
    ...['action=&bucket=', 'action=write&bucket=', 'action=read&action=write&bucket=b', 'redirect=yes'],
    ...['upstream=main&action=write&bucket=b', 'action=write;bucket=b', 'action=write&bucket=%zz'],
    ...['__proto__=x', 'Action=write&bucket=b', 'replace=true', 'upstream=main&replace=yes'],
    'cookies=1',
  ]) {
    assert.throws(() => readCheckParameters(query), { code: 'invalid' }, query)
  }
})
