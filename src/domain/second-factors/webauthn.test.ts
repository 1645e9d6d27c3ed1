import assert from 'node:assert/strict'
import { createSign, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import {
  bytes,
  createAuthenticator,
  integer,
  list,
  map,
  type Twist,
  text,
} from '../../../test/support/authenticator.ts'
import { withoutOpenssl, writeAttestation } from '../../../test/support/certificate.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import type { RelyingParty } from './relying-party.ts'
import {
  createChallenge,
  creationOptions,
  requestOptions,
  verifyCreation,
  verifyRequest,
} from './webauthn.ts'

const RP: RelyingParty = { id: 'corp.test', origin: 'https://sluice.corp.test', name: 'Sluice' }
const DEVICE = { rpId: RP.id, origin: RP.origin }

function creation(more: object = {}) {
  return creationOptions(RP, {
    challenge: createChallenge(),
    handle: 'aGFuZGxl',
    name: 'ada',
    known: [],
    ...more,
  })
}

async function made(options: { isSynchronizable?: boolean } = {}) {
  const device = createAuthenticator({ ...DEVICE, ...options })
  const wanted = creation()
  const passkey = await verifyCreation(RP, device.create(wanted), wanted.challenge)
  return { device, passkey: passkey ?? assert.fail('the passkey was refused') }
}

suite('a new passkey', () => {
  test('is asked for discoverable and verifying, without a certificate, and none twice', () => {
    const known = [{ credentialID: 'bm9uZQ', transports: ['usb'] }]
    const { authenticatorSelection, attestation, excludeCredentials, ...rest } = creation({ known })
    assert.deepEqual(authenticatorSelection, {
      ...{ residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    })
    assert.equal(attestation, 'none')
    assert.deepEqual(excludeCredentials, [{ type: 'public-key', id: 'bm9uZQ', transports: ['usb'] }])
    assert.deepEqual(
      rest.pubKeyCredParams.map(({ alg }) => alg),
      [-7, -257, -8],
    )
    assert.equal(Buffer.from(rest.challenge, 'base64url').length, 32)
  })

  test('is taken with its key, and whether it can be synchronized', async () => {
    for (const isSynchronizable of [true, false]) {
      const { device, passkey } = await made({ isSynchronizable })
      const { publicKey, ...rest } = passkey
      assert.deepEqual(rest, {
        ...{ credentialID: device.id, counter: 0, isSynchronizable, transports: ['internal'] },
      })
      assert.equal(Buffer.from(publicKey, 'base64url').length, 77)
    }
  })

  test('is taken from an authenticator that does not verify its user, as a second factor', async () => {
    const device = createAuthenticator({ ...DEVICE, verifies: false })
    const wanted = creation()
    assert.ok(await verifyCreation(RP, device.create(wanted), wanted.challenge))
  })

  const twists: readonly [string, Twist][] = [
    ['another origin', { origin: 'https://evil.test' }],
    ['another origin of the domain', { origin: 'https://other.corp.test' }],
    ['another domain', { rpId: 'evil.test' }],
    ['another challenge', { challenge: createChallenge() }],
    ['the answer of a sign-in', { type: 'webauthn.get' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody present', { present: false }],
    ['another id than the signed one', { id: 'AAAA' }],
    ['an id that is too long', { id: 'A'.repeat(1366) }],
    ['an attestation of a TPM', { attestation: ['tpm', () => map([])] }],
    ['an unknown format', { attestation: ['other', () => map([])] }],
  ]
  for (const [what, twist] of twists) {
    test(`is refused for ${what}`, async () => {
      const device = createAuthenticator(DEVICE)
      const wanted = creation()
      assert.equal(await verifyCreation(RP, device.create(wanted, twist), wanted.challenge), undefined)
    })
  }

  test('is refused with a right certificate, which was not asked for', {
    skip: withoutOpenssl,
  }, async () => {
    const { cert, key } = writeAttestation(temporaryFolder())
    const der = new X509Certificate(readFileSync(cert)).raw
    const sign = (signed: Buffer) => createSign('sha256').update(signed).sign(readFileSync(key))
    const packed = (certified: boolean) => (signed: Buffer) =>
      map([
        [text('alg'), integer(-7)],
        [text('sig'), bytes(sign(signed))],
        ...(certified ? [[text('x5c'), list([bytes(der)])] as const] : []),
      ])
    const device = createAuthenticator(DEVICE)
    const wanted = creation()
    const answer = device.create(wanted, { attestation: ['packed', packed(true)] })
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
    const byLibrary = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      ...{ expectedChallenge: wanted.challenge, expectedOrigin: RP.origin, expectedRPID: RP.id },
    })
    assert.equal(byLibrary.verified, true, 'the library would take it')
    assert.equal(await verifyCreation(RP, answer, wanted.challenge), undefined)
    const other = device.create(wanted, { attestation: ['packed', packed(false)] })
    assert.equal(await verifyCreation(RP, other, wanted.challenge), undefined, 'signed by another key')
  })

  test('is refused for what is no answer at all', async () => {
    const wanted = creation()
    const { response, ...rest } = createAuthenticator(DEVICE).create(wanted)
    for (const wrong of ['', 'AAAA', 'bnVsbA', 'e30']) {
      for (const field of ['clientDataJSON', 'attestationObject']) {
        const answer = { ...rest, response: { ...response, [field]: wrong } }
        assert.equal(await verifyCreation(RP, answer, wanted.challenge), undefined, `${field} ${wrong}`)
      }
    }
  })
})

suite('the answer of a passkey', () => {
  test('must verify the user if it is alone, and need not beside a password', () => {
    const known = [{ credentialID: 'bm9uZQ', transports: [] }]
    const alone = requestOptions(RP, { challenge: 'Yw', known: 'any' })
    assert.deepEqual([alone.userVerification, alone.allowCredentials], ['required', []])
    const beside = requestOptions(RP, { challenge: 'Yw', known })
    assert.deepEqual(beside.allowCredentials, [{ type: 'public-key', id: 'bm9uZQ' }])
    assert.equal(beside.userVerification, 'discouraged')
  })

  const twists: readonly [string, Twist][] = [
    ['another origin', { origin: 'https://evil.test' }],
    ['plain HTTP', { origin: 'http://sluice.corp.test' }],
    ['another domain', { rpId: 'evil.test' }],
    ['another challenge', { challenge: createChallenge() }],
    ['the answer of a creation', { type: 'webauthn.create' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody present', { present: false }],
    ['a user who was not verified', { verifies: false }],
    ['a signature with a wrong bit', { breaksSignature: true }],
    ['another key', { otherKey: true }],
  ]
  for (const [what, twist] of twists) {
    test(`is refused for ${what}`, async () => {
      const { device, passkey } = await made()
      const challenge = createChallenge()
      const expected = { challenge, publicKey: passkey.publicKey, needsVerification: true }
      assert.ok(await verifyRequest(RP, device.get({ challenge }), expected))
      assert.equal(await verifyRequest(RP, device.get({ challenge }, twist), expected), undefined)
    })
  }

  test('is refused for what is no answer at all', async () => {
    const { device, passkey } = await made()
    const challenge = createChallenge()
    const expected = { challenge, publicKey: passkey.publicKey, needsVerification: false }
    const { response, ...rest } = device.get({ challenge })
    for (const wrong of ['', 'AAAA', 'bnVsbA', 'e30']) {
      for (const field of ['clientDataJSON', 'authenticatorData', 'signature']) {
        const answer = { ...rest, response: { ...response, [field]: wrong } }
        assert.equal(await verifyRequest(RP, answer, expected), undefined, `${field} ${wrong}`)
      }
    }
  })
})
