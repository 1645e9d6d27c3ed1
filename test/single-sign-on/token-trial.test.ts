/** `sluice jwt test` with an issuer on loopback: what it says of each step, right or wrong. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runCommand } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Signing, startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'
import { AUDIENCE, claimsOf, TELEGRAF } from './external-world.ts'

describe('sluice jwt test', { timeout: 30_000 }, () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startIssuer()
  })
  after(() => issuer?.stop())

  async function run(
    claims: Record<string, unknown> = {},
    signing: Signing = {},
    more: readonly string[] = [],
  ) {
    const token = await issuer.sign(claimsOf(issuer.url, Date.now(), claims), signing)
    return runText(token, more)
  }
  async function runText(token: string, more: readonly string[] = []) {
    const flags = [
      ...['--jwt-issuer-url', issuer.url, '--jwt-issuer-audience', AUDIENCE, '--jwt-issuer-name', 'lab'],
      ...['--jwt-rule-issuer', 'lab', '--jwt-rule-subject', TELEGRAF, '--jwt-rule-gives', 'lab/engine:write'],
      ...['--jwt-rule-claims', '/kubernetes.io/namespace=monitoring', ...more],
    ]
    const env = {
      ...{ SLUICE_JWT_RULE_1_ISSUER: 'lab', SLUICE_JWT_RULE_1_SUBJECT: 'repo:acme/plant:ref:refs/heads/*' },
      SLUICE_JWT_RULE_1_GIVES: 'lab/*:read',
    }
    const ran = await runCommand(['jwt', 'test', ...flags], env, { stdin: `${token}\n` })
    assert.ok(!(ran.out + ran.err).includes(token.split('.')[2] || 'no signature'))
    return ran
  }

  test('says what works, and what the token gives', async () => {
    const { status, out, err } = await run()
    assert.equal(status, 0, out + err)
    for (const line of [
      /^ok +it is a signed token, by RS256 with the key first$/m,
      /^note +its subject is "system:serviceaccount:monitoring:telegraf"$/m,
      /^note +it is valid from .* \(60 minutes\)$/m,
      /^ok +its issuer is http:\/\/127\.0\.0\.1:\d+, the jwt-issuer lab$/m,
      /^ok +the keys of the issuer can be read \(1\)$/m,
      /^ok +its signature is right, and it is valid now$/m,
      /^ok +jwt-rule 1 \(.*\) is about it, and gives lab\/engine:write$/m,
      /^note +jwt-rule 2 \(.*\) is not about it: its subject is another$/m,
    ]) {
      assert.match(out, line)
    }
  })

  test('reads the token from a file', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'token'), `${await issuer.sign(claimsOf(issuer.url, Date.now()))}\n`)
    const flags = [
      ...['--jwt-issuer-url', issuer.url, '--jwt-issuer-audience', AUDIENCE],
      ...['--jwt-rule-subject', TELEGRAF, '--jwt-rule-gives', 'lab/engine:write'],
    ]
    const { status, out, err } = await runCommand(
      ['jwt', 'test', ...flags, '--json', 'token'],
      {},
      { folder },
    )
    assert.equal(status, 0, out + err)
    for (const line of out.trim().split('\n')) {
      assert.deepEqual(Object.keys(JSON.parse(line)), ['outcome', 'about'])
    }
    const missing = await runCommand(['jwt', 'test', ...flags, 'nothing'], {}, { folder })
    assert.equal(missing.status, 1)
    assert.match(missing.err, /the token cannot be read/)
  })

  test('says which step fails', async () => {
    const cases: readonly (readonly [Record<string, unknown>, Signing, RegExp])[] = [
      [
        { iss: 'https://other.test' },
        {},
        /^failed +its issuer is "https:\/\/other\.test", and no jwt-issuer/m,
      ],
      [{ iss: undefined }, {}, /^failed +its issuer is missing/m],
      [
        { aud: ['vault'] },
        {},
        /^failed +its audience is \["vault"\], and that of the jwt-issuer is sluice-lab$/m,
      ],
      [{}, { key: 'foreign', kid: 'first' }, /^failed .*signature verification failed/m],
      [{}, { alg: 'none' }, /^failed .*alg/m],
      [{ exp: 1_700_000_000, iat: 1_699_999_000 }, {}, /^failed .*"exp" claim/m],
      [{ exp: Math.floor(Date.now() / 1000) + 90_000 }, {}, /^failed .*max-length/m],
      [{ sub: 'somebody' }, {}, /^failed +no rule is about it/m],
      [{ 'kubernetes.io': {} }, {}, /^note +jwt-rule 1 .*its claims differ$/m],
    ]
    for (const [claims, signing, expected] of cases) {
      const { status, out, err } = await run(claims, signing)
      assert.equal(status, 1, out + err)
      assert.match(out, expected)
    }
    assert.match((await runText('no token')).out, /^failed +it is no signed token/m)
  })

  test('needs an issuer', async () => {
    const { status, err } = await runCommand(['jwt', 'test', 'x'])
    assert.equal(status, 2)
    assert.match(err, /no jwt-issuer is set/)
  })
})
