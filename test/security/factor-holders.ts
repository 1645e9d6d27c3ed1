/** Users with second factors, shared by the tests of those. */
import assert from 'node:assert/strict'
import { STEP_MS, totpCode } from '../../src/domain/second-factors/totp.ts'
import type { Received } from '../support/http.ts'
import { secretOf } from '../support/second-factor.ts'
import { type Attacked, cookie } from './attack.ts'

export type Headers = { readonly cookie: string }

export const reasonOf = ({ headers }: Received) => headers['x-sluice-reason']
export const outcomeOf = (received: Received) => [received.status, reasonOf(received)]

/** The cookie of a sign-in whose second factor is due. */
export function pendingOf(received: Received): Headers {
  assert.deepEqual(outcomeOf(received), [401, 'second-factor-required'], received.text)
  const [sent = ''] = received.headers['set-cookie'] ?? []
  assert.match(
    sent,
    /^influxdb-oss-session-pending=[^;]+; Path=\/api\/; .*HttpOnly; (?:Secure; )?SameSite=Strict$/,
  )
  return { cookie: sent.split(';')[0] ?? '' }
}

export function createPeople(server: Attacked) {
  const codeAt = (secret: Uint8Array, steps = 0) =>
    totpCode(secret, Math.floor(server.now() / STEP_MS) + steps)

  const goOn = (pending: object, code: string, headers: object = {}) =>
    server.ask('POST', '/api/v2/signin/second-factor', { code }, { ...pending, ...headers })

  async function enrol(session: Headers, name = 'phone') {
    const begun = await server.ask('POST', '/api/v2/me/second-factors/totp', undefined, session)
    assert.equal(begun.status, 200, begun.text)
    const secret = secretOf(begun.json.secret)
    const { enrolment, qrCode } = begun.json
    assert.match(qrCode.path, /^(M\d+ \d+h1v1h-1z)+$/)
    const body = { name, enrolment, code: codeAt(secret) }
    const done = await server.ask('POST', '/api/v2/me/second-factors', body, session)
    assert.equal(done.status, 201, done.text)
    return { secret, id: done.json.id, recoveryCodes: done.json.recoveryCodes, enrolment }
  }

  /** A user with an authenticator app, whose first code is used up. */
  async function person(name: string) {
    const userID = await server.addUser(name)
    const session = cookie(await server.enter({ name }))
    const enrolled = await enrol(session)
    const enter = () => server.enter({ name })
    /** Signs in with both factors; the clock goes on by a step, so that there is a new code. */
    async function enterFully(headers: object = {}) {
      server.pass(STEP_MS)
      return goOn(pendingOf(await enter()), codeAt(enrolled.secret), headers)
    }
    return {
      userID,
      session,
      ...enrolled,
      enter,
      enterFully,
      code: (steps = 0) => codeAt(enrolled.secret, steps),
    }
  }

  return { codeAt, goOn, enrol, person }
}

/** The name and value of the session's cookie among those that an answer sets. */
export function sessionIn({ status, headers, text }: Received): Headers {
  assert.equal(status, 204, text)
  const [session = '', pending = ''] = headers['set-cookie'] ?? []
  assert.match(pending, /^influxdb-oss-session-pending=; .*Max-Age=0;/)
  return { cookie: session.split(';')[0] ?? '' }
}
