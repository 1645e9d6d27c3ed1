import assert from 'node:assert/strict'
import { isIP, isIPv6 } from 'node:net'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { addressKey, canonicalAddress } from './address-key.ts'

suite('address key', () => {
  test('what is no address is its own key', () => {
    for (const text of [
      '',
      'unknown',
      '1.2.3',
      '1.2.3.04',
      '1.2.3.4:80',
      '[::1]',
      '2001:db8::/64',
      '::1%a%b',
    ]) {
      assert.equal(addressKey(text), text)
      assert.equal(canonicalAddress(text), undefined)
    }
  })

  test('an IPv4 address is its own key, mapped or not', () => {
    for (const text of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1']) {
      assert.equal(addressKey(text), '192.0.2.1', text)
      assert.equal(canonicalAddress(text), '192.0.2.1', text)
    }
  })

  test('other addresses with dotted digits are not taken for mapped ones', () => {
    assert.equal(addressKey('::192.0.2.1'), '::/64')
    assert.equal(addressKey('::ffff:0:192.0.2.1'), '::/64')
    assert.equal(addressKey('64:ff9b::192.0.2.1'), '64:ff9b::/64')
  })

  test('an IPv6 address is counted under its /64', () => {
    const keys = {
      '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
      '2001:0DB8:0001:0002::1': '2001:db8:1:2::/64',
      '2001:db8::1': '2001:db8::/64',
      '2001:db8:0:0:1::': '2001:db8::/64',
      '1:0:0:2::': '1:0:0:2::/64',
      '::2:3:4:5:6:7:8': '0:2:3:4::/64',
      '0:0:0:1::': '0:0:0:1::/64',
      'fe80::1%eth0': 'fe80::/64',
      '::1': '::/64',
      '::': '::/64',
    }
    for (const [address, key] of Object.entries(keys)) assert.equal(addressKey(address), key, address)
  })

  test('two addresses have one key exactly if they have their first 64 bits in common', () => {
    const group = fc.constantFrom(0, 1, 0xffff, 0x2001)
    const groups = fc.array(group, { minLength: 8, maxLength: 8 })
    const written = (all: readonly number[]) => all.map((each) => each.toString(16)).join(':')
    const isMapped = (all: readonly number[]) => written(all).startsWith('0:0:0:0:0:ffff:')
    fc.assert(
      fc.property(groups, groups, fc.boolean(), (one, other, alike) => {
        const second = alike ? [...one.slice(0, 4), ...other.slice(4)] : other
        fc.pre(!isMapped(one) && !isMapped(second))
        const same = written(one.slice(0, 4)) === written(second.slice(0, 4))
        assert.equal(addressKey(written(one)) === addressKey(written(second)), same)
      }),
    )
  })

  test('whatever way an address is written, it has one canonical form, which is an address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const canonical = canonicalAddress(address) ?? ''
        assert.notEqual(isIP(canonical), 0)
        assert.equal(canonicalAddress(canonical), canonical)
        assert.equal(addressKey(canonical), addressKey(address))
        if (isIPv6(address)) assert.equal(canonicalAddress(`${address}%eth0`.toUpperCase()), canonical)
      }),
    )
  })
})
