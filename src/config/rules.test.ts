import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { loadSettings } from './load.ts'
import { input } from './test-input.ts'

const refusal = (...argv: string[]): string => {
  try {
    loadSettings(input({ argv }))
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

test('what is refused is shown without anything that moves the cursor', () => {
  for (const flag of [
    'public-url',
    'cors-allowed-origins',
    'session-cookie-name',
    'session-cookie-path',
    'redis-sentinels',
    'trusted-proxies',
  ]) {
    const sentence = refusal(`--${flag}=a\u007f\u009b[2Jb`)
    assert.match(sentence, /a\\u\{7f\}\\u\{9b\}\[2Jb/, flag)
  }
})

suite('a cookie that browsers would drop is refused at the start', () => {
  test('__Host- with a path other than /', () => {
    for (const name of ['__Host-x', '__host-x']) {
      const argv = [`--session-cookie-name=${name}`, '--session-cookie-secure=always']
      const begin = `session-cookie-name begins with ${name.slice(0, 7)} (flag --session-cookie-name); that needs`
      assert.equal(refusal(...argv), `${begin} session-cookie-path / and not "/api/"`)
      assert.equal(refusal(...argv, '--session-cookie-path=/'), '')
      const insecure = [`--session-cookie-name=${name}`, '--session-cookie-path=/']
      assert.equal(refusal(...insecure), `${begin} session-cookie-secure always, or TLS`)
    }
  })

  test('a prefix that asks for Secure, without it', () => {
    for (const prefix of ['__Secure-', '__secure-', '__Http-']) {
      const sentence = `session-cookie-name begins with ${prefix} (flag --session-cookie-name); that needs session-cookie-secure always, or TLS`
      assert.equal(refusal(`--session-cookie-name=${prefix}x`), sentence)
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--session-cookie-secure=never'), sentence)
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--session-cookie-secure=always'), '')
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--tls-cert=c.pem', '--tls-key=k.pem'), '')
    }
  })

  test('for every site, without Secure', () => {
    assert.match(refusal('--session-cookie-same-site=none'), /^session-cookie-same-site is none .* or TLS$/)
    assert.equal(refusal('--session-cookie-same-site=none', '--session-cookie-secure=always'), '')
  })
})
