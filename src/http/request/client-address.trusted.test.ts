import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseTrustedProxies } from '../../config/trusted-proxies.ts'
import { createClientAddress } from './client-address.ts'

suite('trusted proxies', () => {
  test('addresses, ranges and words hold what they say and nothing beside it', () => {
    const held: Record<string, { in: string[]; out: string[] }> = {
      '10.0.0.1': { in: ['10.0.0.1', '::ffff:10.0.0.1'], out: ['10.0.0.2'] },
      '::ffff:10.0.0.1': { in: ['10.0.0.1'], out: ['10.0.0.2'] },
      '192.0.2.0/25': {
        in: ['192.0.2.0', '192.0.2.127'],
        out: ['192.0.2.128', '192.0.1.255', '2001:db8::1'],
      },
      '192.0.2.9/25': { in: ['192.0.2.127'], out: ['192.0.2.128'] },
      '::ffff:192.0.2.0/121': { in: ['192.0.2.127'], out: ['192.0.2.128'] },
      '0.0.0.0/0': { in: ['192.0.2.1'], out: ['2001:db8::1'] },
      '2001:db8::1': { in: ['2001:DB8:0::1'], out: ['2001:db8::2', '192.0.2.1'] },
      '2001:db8::/33': { in: ['2001:db8:7fff::1'], out: ['2001:db8:8000::'] },
      loopback: { in: ['127.0.0.1', '127.255.255.255', '::1'], out: ['126.0.0.1', '::2', '10.0.0.1'] },
      private: {
        in: ['10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'],
        out: [
          '11.0.0.0',
          '172.15.255.255',
          '172.32.0.0',
          '192.169.0.0',
          'fe00::1',
          '127.0.0.1',
          '169.254.1.1',
        ],
      },
    }
    for (const [entry, addresses] of Object.entries(held)) {
      const clientAddress = createClientAddress({ isTrusted: parseTrustedProxies([entry]) })
      const isTrusted = (from: string) => clientAddress(from, { 'x-forwarded-for': '8.8.8.8' }) === '8.8.8.8'
      for (const address of addresses.in) assert.equal(isTrusted(address), true, `${address} in ${entry}`)
      for (const address of addresses.out) assert.equal(isTrusted(address), false, `${address} in ${entry}`)
    }
  })
})
