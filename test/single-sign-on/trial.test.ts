/** `sluice oidc test` against a real provider: what it says of each step, right or wrong. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runCommand } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc/issuer.ts'
import { type RealProvider, startRealProvider } from '../support/oidc/real-provider.ts'

const PUBLIC_URL = 'http://127.0.0.1:8086'

describe('sluice oidc test', { timeout: 30_000 }, () => {
  let provider: RealProvider
  before(async () => {
    provider = await startRealProvider(PUBLIC_URL)
  })
  after(() => provider?.stop())

  function run(
    more: Readonly<Record<string, string>> = {},
    words: readonly string[] = ['corp'],
    secret = CLIENT_SECRET,
  ) {
    const flags = {
      ...{ 'public-url': PUBLIC_URL, 'oidc-issuer': provider.url, 'oidc-name': 'corp' },
      ...{ 'oidc-client-id': CLIENT_ID, 'oidc-allowed-groups': 'dev', ...more },
    }
    const argv = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)
    return runCommand(['oidc', 'test', ...argv, ...words], { SLUICE_OIDC_0_CLIENT_SECRET: secret })
  }

  test('says what works, and what to register', async () => {
    const { status, out, err } = await run()
    assert.equal(status, 0, out + err)
    for (const line of [
      /^ok +http:\/\/localhost:\d+ answers, and names itself so$/m,
      /^ok +its keys can be read \(\d+\)$/m,
      new RegExp(`^ok +it knows ${CLIENT_ID} with this secret$`, 'm'),
      /^note +register there .*: http:\/\/127\.0\.0\.1:8086\/api\/v2\/signin\/oidc\/corp\/callback$/m,
    ]) {
      assert.match(out, line)
    }
    assert.ok(!(out + err).includes(CLIENT_SECRET))
    const { out: lines } = await run({}, ['--json', 'corp'])
    for (const line of lines.trim().split('\n')) {
      assert.deepEqual(Object.keys(JSON.parse(line)), ['outcome', 'about'])
    }
  })

  test('says which step fails', async () => {
    const port = await freePort()
    const failures: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ 'oidc-client-id': 'another' }, /^failed .*does not accept the credentials/m],
      [{ 'oidc-issuer': `http://localhost:${port}` }, /^failed .*ECONNREFUSED/m],
      [{ 'oidc-issuer': `${provider.url}/` }, /^failed .*issuer/m],
    ]
    for (const [more, expected] of failures) {
      const { status, out, err } = await run(more)
      assert.equal(status, 1, out + err)
      assert.match(out, expected)
    }
    const { status, out } = await run({}, ['corp'], 'not the secret')
    assert.equal(status, 1)
    assert.match(out, /^failed .*does not accept the credentials/m)
  })

  test('refuses a name that no provider has', async () => {
    const { status, err } = await run({}, ['other'])
    assert.equal(status, 2)
    assert.match(err, /no provider has this name; there are: corp/)
  })
})
