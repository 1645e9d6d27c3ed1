/** An authenticator app, for tests. */
import assert from 'node:assert/strict'
import { STEP_MS, totpCode } from '../../src/domain/second-factors/totp.ts'
import { send } from './http.ts'

/** Decodes base 32 as an app does, apart from the code under test. */
export function secretOf(text: string): Uint8Array {
  const bits = [...text].map((each) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  return Uint8Array.from(bytes.map((each) => Number.parseInt(each, 2)))
}

/** The code of the step at that time, or of one before or after it. */
export const codeAt = (secret: Uint8Array, at: number, steps = 0): string =>
  totpCode(secret, Math.floor(at / STEP_MS) + steps)

/** Enrols an app in a session. The code is that of the step before, so that the present one is not used up. */
export async function enrolApp(url: string, session: { readonly cookie: string }) {
  const post = async (path: string, json?: unknown) => {
    const body = json === undefined ? undefined : JSON.stringify(json)
    const received = await send(url, { method: 'POST', path, headers: session, body })
    assert.ok(received.status < 300, received.text)
    return received.json
  }
  const { secret: text, enrolment } = await post('/api/v2/me/second-factors/totp')
  const secret = secretOf(text)
  const code = codeAt(secret, Date.now(), -1)
  const { recoveryCodes } = await post('/api/v2/me/second-factors', { name: 'phone', enrolment, code })
  return { secret, recoveryCodes: recoveryCodes as string[] }
}

/** The cookie of a sign-in whose second factor is due. */
export function pendingCookie({ headers }: { headers: Readonly<Record<string, unknown>> }): string {
  assert.equal(headers['x-sluice-reason'], 'second-factor-required')
  return String((headers['set-cookie'] as readonly string[])[0]).split(';')[0] ?? ''
}
