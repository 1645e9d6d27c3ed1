import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseTrustedProxies } from './trusted-proxies.ts'

suite('trusted proxies', () => {
  test('an entry that is none is named', () => {
    const bad = [
      '',
      ' 10.0.0.1',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      '10.0.0.0/1e1',
      '10.0.0',
    ]
    bad.push(
      '::1/129',
      'fe80::1%eth0',
      'fe80::%eth0/10',
      '10.0.0.0/08888',
      'Private',
      'localhost',
      'toString',
      '__proto__',
      '*',
    )
    for (const entry of bad) {
      const message = `${JSON.stringify(entry)} is not an IP address, a CIDR range, "loopback" or "private"`
      assert.throws(() => parseTrustedProxies(['10.0.0.1', entry, '*']), { message })
    }
  })

  test('where there are none, nobody is asked', () => {
    assert.equal(parseTrustedProxies([]), undefined)
  })
})
