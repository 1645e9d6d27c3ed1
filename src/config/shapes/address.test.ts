import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress, parseAddress } from './address.ts'

test('what is not an address is undefined', () => {
  const wrong = [
    '',
    '8086',
    ':',
    ':65536',
    ':-1',
    ':x',
    'host',
    '::1:8086',
    '[::1]',
    '[]:1',
    '[host]:1',
    '*:1',
  ]
  for (const text of [...wrong, 'http://host:1', 'a b:1', 'user@host:1', ':8086 ', '[::1:1'])
    assert.equal(parseAddress(text), undefined, text)
})

test('an address is a host, if any, and a port', () => {
  assert.deepEqual(parseAddress(':8086'), { host: undefined, port: 8086 })
  assert.deepEqual(parseAddress('127.0.0.1:9999'), { host: '127.0.0.1', port: 9999 })
  assert.deepEqual(parseAddress('[::1]:8086'), { host: '::1', port: 8086 })
  assert.deepEqual(parseAddress('localhost:0'), { host: 'localhost', port: 0 })
})

test('it is written as it was read', () => {
  for (const text of [':8086', '127.0.0.1:9999', '[::1]:8086', '[fe80::1%eth0]:1', 'localhost:0']) {
    const address = parseAddress(text)
    assert.ok(address)
    assert.equal(formatAddress(address), text)
  }
})
