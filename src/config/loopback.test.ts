import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback } from './loopback.ts'

test('loopback is an address of this machine, and no name that looks like one', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) {
    assert.ok(isLoopback(host), host)
  }
  for (const host of [
    ...['127.example.com', '127.0.0.1.example.com', '127.999.0.1', '127.1', 'localhost.example.com'],
    ...['', '128.0.0.1', '[::2]', '::ffff:127.0.0.1', '0.0.0.0'],
  ]) {
    assert.ok(!isLoopback(host), host)
  }
})
