/** Passkeys over the API: making them, alone, and beside a password, with answers that no browser would send. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { STEP_MS } from '../../src/domain/second-factors/totp.ts'
import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type Twist,
} from '../support/authenticator.ts'
import type { Received } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type Attacked, atOnce, cookie, from, inTurn, MINUTE, startAttacked, tally } from './attack.ts'
import { createPeople, type Headers, outcomeOf, pendingOf, sessionIn } from './factor-holders.ts'

const ORIGIN = 'https://sluice.corp.test'
const FLAGS = ['--second-factor', 'offered', '--public-url', ORIGIN, '--guess-address-limit', '10000']

type Challenge = Headers & { readonly publicKey: { readonly challenge: string } }

/** A challenge with the cookie that binds it to the browser. */
function challengeOf(received: Received, kind: 'passkey' | 'pending' = 'passkey'): Challenge {
  assert.equal(received.status, 200, received.text)
  const [sent = ''] = received.headers['set-cookie'] ?? []
  assert.match(sent, new RegExp(`^influxdb-oss-session-${kind}=[^;]+; .*HttpOnly; Secure; SameSite=Strict$`))
  return { cookie: sent.split(';')[0] ?? '', publicKey: received.json.publicKey }
}

/** The session's cookie of a sign-in by a passkey alone. */
function enteredAlone({ status, headers, text }: Received): Headers {
  assert.equal(status, 204, text)
  const [session = '', waiting = ''] = headers['set-cookie'] ?? []
  assert.match(waiting, /^influxdb-oss-session-passkey=; .*Max-Age=0;/)
  return { cookie: session.split(';')[0] ?? '' }
}

function createHolders(server: Attacked) {
  const post = (path: string, json: unknown, headers: object = {}) =>
    server.ask('POST', path, json, headers as Headers)

  const beginMaking = async (session: Headers) => {
    const begun = await post('/api/v2/me/passkeys/challenge', undefined, session)
    assert.equal(begun.status, 200, begun.text)
    return begun.json
  }
  const finishMaking = (session: Headers, enrolment: string, passkey: unknown, name = 'laptop') =>
    post('/api/v2/me/passkeys', { name, enrolment, passkey }, session)

  async function enrol(session: Headers, options: Partial<AuthenticatorOptions> = {}, name = 'laptop') {
    const device = createAuthenticator({ origin: ORIGIN, rpId: 'sluice.corp.test', ...options })
    const { publicKey, enrolment } = await beginMaking(session)
    const made = await finishMaking(session, enrolment, device.create(publicKey), name)
    assert.equal(made.status, 201, made.text)
    return { device, id: made.json.id as string, recoveryCodes: made.json.recoveryCodes as string[] }
  }

  /** A user with a passkey. */
  async function holder(name: string, options: Partial<AuthenticatorOptions> = {}) {
    const userID = await server.addUser(name)
    const session = cookie(await server.enter({ name }))
    const enrolled = await enrol(session, options)
    return { userID, session, ...enrolled, enter: () => server.enter({ name }) }
  }

  const ask = async (headers: object = {}) =>
    challengeOf(await post('/api/v2/signin/passkey/challenge', undefined, headers))
  const answer = (challenge: Headers, passkey: unknown, headers: object = {}, query = '') =>
    post(`/api/v2/signin/passkey${query}`, { passkey }, { cookie: challenge.cookie, ...headers })
  /** Signs in by the passkey alone. */
  async function alone(device: Authenticator, twist: Twist = {}, headers: object = {}) {
    const challenge = await ask(headers)
    return answer(challenge, device.get(challenge.publicKey, twist), headers)
  }

  const askBeside = async (pending: Headers) =>
    challengeOf(await post('/api/v2/signin/second-factor/passkey/challenge', undefined, pending), 'pending')
  const answerBeside = ({ cookie: pending }: Headers, passkey: unknown, headers: object = {}) =>
    post('/api/v2/signin/second-factor/passkey', { passkey }, { cookie: pending, ...headers })
  /** Signs in by the password and the passkey. */
  async function beside(name: string, device: Authenticator, twist: Twist = {}) {
    const challenge = await askBeside(pendingOf(await server.enter({ name })))
    return answerBeside(challenge, device.get(challenge.publicKey, twist))
  }

  return {
    ...{ post, beginMaking, finishMaking, enrol, holder },
    ...{ ask, answer, alone, askBeside, answerBeside, beside },
  }
}

describe('a passkey', () => {
  let server: Attacked
  let holders: ReturnType<typeof createHolders>
  before(async () => {
    const lengths = ['--session-length', '1h', '--session-fresh-length', '30m']
    server = await startAttacked(...FLAGS, ...lengths, '--trusted-proxies', '127.0.0.1')
    holders = createHolders(server)
  })
  after(() => server.stop())

  const eventsOf = async (userID: string, event: string) =>
    (await server.ask('GET', `/api/v2/audit?userID=${userID}&event=${event}`)).json.events

  describe('alone', () => {
    test('signs in with both factors, without saying who', async () => {
      const kim = await holders.holder('kim')
      const challenge = await holders.ask()
      assert.deepEqual(challenge.publicKey, {
        ...{ challenge: challenge.publicKey.challenge, rpId: 'sluice.corp.test', timeout: 300_000 },
        ...{ userVerification: 'required', allowCredentials: [] },
      })
      const session = enteredAlone(await holders.answer(challenge, kim.device.get(challenge.publicKey)))
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).json.name, 'kim')
      const own = await server.ask('GET', '/api/v2/me/second-factors', undefined, session)
      assert.deepEqual([own.json.passkeys, own.json.recoveryCodesLeft], ['offered', 10])
      const [factor] = own.json.factors
      assert.deepEqual(
        [factor.kind, factor.name, factor.lastUsedAt],
        ['passkey', 'laptop', new Date(server.now()).toISOString()],
      )
      const powerful = await holders.post('/api/v2/me/application-passwords', { name: 'x' }, session)
      assert.equal(powerful.status, 201, powerful.text)
      const { sessions } = (await server.ask('GET', '/api/v2/sessions?user=kim')).json
      assert.ok(sessions.some((each: { method: string }) => each.method === 'passkey'))
    })

    const twists: readonly [string, Twist][] = [
      ['of another origin', { origin: 'https://evil.test' }],
      ['with a wrong signature', { breaksSignature: true }],
      ['that did not verify its user', { verifies: false }],
      ['without a user handle', { userHandle: undefined }],
      ['with another user handle', { userHandle: 'AAAA' }],
      ['with an unknown id', { id: 'AAAA' }],
      ['that became one for several devices', { isSynchronizable: true }],
    ]
    for (const [index, [what, twist]] of twists.entries()) {
      test(`is refused for an answer ${what}`, async () => {
        const { device } = await holders.holder(`twisted ${index}`)
        assert.deepEqual(outcomeOf(await holders.alone(device, twist)), [401, 'passkey-refused'])
        assert.equal((await holders.alone(device)).status, 204)
      })
    }

    test('answers each challenge once, also at once', async () => {
      const { device } = await holders.holder('twice')
      const challenge = await holders.ask()
      const passkey = device.get(challenge.publicKey)
      const answers = await atOnce(4, () => holders.answer(challenge, passkey))
      assert.deepEqual(tally(answers), { 204: 1, 401: 3 })
      assert.deepEqual(outcomeOf(await holders.answer(challenge, passkey)), [401, 'passkey-refused'])
      const other = await holders.answer(challenge, device.get(challenge.publicKey))
      assert.equal(other.status, 401, 'another answer to the same challenge')
    })

    test('answers in the browser that was asked, within five minutes', async () => {
      const { device } = await holders.holder('slow')
      const [mine, theirs] = [await holders.ask(), await holders.ask()]
      const passkey = device.get(mine.publicKey)
      assert.equal((await holders.answer(theirs, passkey)).status, 401)
      assert.equal(
        (await holders.answer({ cookie: 'influxdb-oss-session-passkey=x.y' }, passkey)).status,
        401,
      )
      const none = await holders.post('/api/v2/signin/passkey', { passkey })
      assert.deepEqual(outcomeOf(none), [401, 'passkey-refused'])
      server.pass(5 * MINUTE)
      assert.equal((await holders.answer(mine, passkey)).status, 401)
      // What waits for a second factor is no such challenge.
      const pending = pendingOf(await server.enter({ name: 'slow' }))
      const asked = await holders.askBeside(pending)
      const sealed = asked.cookie.split('=')[1]
      const mixed = { cookie: `influxdb-oss-session-passkey=${sealed}` }
      assert.equal((await holders.answer(mixed, device.get(asked.publicKey))).status, 401)
    })

    test('is refused once it was removed, and for a deactivated user', async () => {
      const gone = await holders.holder('gone')
      const session = enteredAlone(await holders.alone(gone.device))
      const challenge = await holders.ask()
      const path = `/api/v2/me/second-factors/${gone.id}`
      assert.equal((await server.ask('DELETE', path, undefined, session)).status, 204)
      assert.equal((await holders.answer(challenge, gone.device.get(challenge.publicKey))).status, 401)
      assert.equal((await gone.enter()).status, 204, 'the password is enough again')
      const off = await holders.holder('off')
      await server.ask('PATCH', `/api/v2/users/${off.userID}`, { status: 'inactive' })
      assert.deepEqual(outcomeOf(await holders.alone(off.device)), [403, 'user-inactive'])
      const refused = await eventsOf(off.userID, 'signin')
      assert.equal(refused.filter((each: { outcome: string }) => each.outcome === 'refused').length, 1)
    })

    test('needs a page of this server', async () => {
      const { device } = await holders.holder('lured')
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      const path = '/api/v2/signin/passkey'
      const begun = await holders.post(`${path}/challenge`, undefined, foreign)
      assert.deepEqual(outcomeOf(begun), [403, 'forged-request'])
      const challenge = await holders.ask()
      const passkey = device.get(challenge.publicKey)
      assert.equal((await holders.answer(challenge, passkey, foreign)).status, 403)
      assert.equal((await holders.answer(challenge, passkey, { origin: ORIGIN })).status, 204)
    })

    test('ends the session that was there before', async () => {
      const { device, session } = await holders.holder('again')
      const challenge = await holders.ask()
      const both = { cookie: `${session.cookie}; ${challenge.cookie}` }
      enteredAlone(await holders.answer(both, device.get(challenge.publicKey)))
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).status, 401)
    })

    test('is counted as a passkey', async () => {
      const { device } = await holders.holder('counted')
      const figure = async (outcome: string) => {
        const { text } = await server.ask('GET', '/metrics', undefined, {})
        const line = new RegExp(
          `^sluice_signins_total\\{method="passkey",outcome="${outcome}"\\} (\\d+)$`,
          'm',
        )
        return Number(line.exec(text)?.[1] ?? 0)
      }
      const [success, refused] = [await figure('success'), await figure('refused')]
      await holders.alone(device)
      await holders.alone(device, { breaksSignature: true })
      assert.deepEqual([await figure('success'), await figure('refused')], [success + 1, refused + 1])
    })
  })

  describe('beside a password', () => {
    test('is asked for, and need not verify its user', async () => {
      const key = await holders.holder('key', { verifies: false })
      const due = await key.enter()
      assert.equal(due.headers['x-sluice-second-factor'], 'passkey, recovery-code')
      const challenge = await holders.askBeside(pendingOf(due))
      assert.deepEqual(challenge.publicKey, {
        ...{ challenge: challenge.publicKey.challenge, rpId: 'sluice.corp.test', timeout: 300_000 },
        userVerification: 'discouraged',
        allowCredentials: [{ type: 'public-key', id: key.device.id, transports: ['internal'] }],
      })
      const passkey = key.device.get(challenge.publicKey, { userHandle: undefined })
      const session = sessionIn(await holders.answerBeside(challenge, passkey))
      const powerful = await holders.post('/api/v2/me/application-passwords', { name: 'x' }, session)
      assert.equal(powerful.status, 201, powerful.text)
      // Alone it is not enough.
      assert.equal((await holders.alone(key.device)).status, 401)
    })

    test('must be of the user whose password it was', async () => {
      const [ada, bob] = [await holders.holder('ann'), await holders.holder('bob')]
      assert.deepEqual(outcomeOf(await holders.beside('ann', bob.device)), [401, 'second-factor-wrong'])
      assert.equal((await holders.beside('ann', ada.device, { id: bob.device.id })).status, 401)
      assert.equal((await holders.beside('ann', bob.device, { id: ada.device.id })).status, 401)
      assert.equal((await holders.beside('ann', ada.device, { userHandle: 'AAAA' })).status, 401)
      assert.equal((await holders.beside('ann', ada.device)).status, 204)
    })

    test('answers each challenge once, and only the last one', async () => {
      const { enter, device } = await holders.holder('once')
      const pending = pendingOf(await enter())
      const without = await holders.answerBeside(pending, device.get({ challenge: 'AAAA' }))
      assert.deepEqual(outcomeOf(without), [401, 'second-factor-wrong'], 'nothing was asked')
      const [earlier, later] = [await holders.askBeside(pending), await holders.askBeside(pending)]
      assert.equal((await holders.answerBeside(later, device.get(earlier.publicKey))).status, 401)
      const passkey = device.get(later.publicKey)
      const answers = await atOnce(4, () => holders.answerBeside(later, passkey))
      assert.deepEqual(tally(answers), { 204: 1, 401: 3 })
      assert.equal((await holders.answerBeside(later, passkey)).status, 401)
    })

    test('is not asked for without a pending sign-in, nor of a user without passkeys', async () => {
      const path = '/api/v2/signin/second-factor/passkey/challenge'
      assert.deepEqual(outcomeOf(await holders.post(path, undefined)), [401, 'second-factor-expired'])
      const apps = await createPeople(server).person('app')
      assert.equal((await holders.post(path, undefined, pendingOf(await apps.enter()))).status, 404)
    })

    test('dies with the pending sign-in when the password changes', async () => {
      const { userID, enter, device } = await holders.holder('reset')
      const challenge = await holders.askBeside(pendingOf(await enter()))
      await server.ask('POST', `/api/v2/users/${userID}/password`, { password: PASSWORD })
      const late = await holders.answerBeside(challenge, device.get(challenge.publicKey))
      assert.deepEqual(outcomeOf(late), [401, 'second-factor-expired'])
    })

    test('wrong answers are held back as wrong codes are, and the passkey alone is not', async () => {
      const prey = await holders.holder('prey')
      const pending = pendingOf(await prey.enter())
      const attempt = async (twist: Twist) => {
        const challenge = await holders.askBeside(pending)
        return holders.answerBeside(challenge, prey.device.get(challenge.publicKey, twist))
      }
      const guesses = await inTurn(6, () => attempt({ breaksSignature: true }))
      assert.deepEqual(tally(guesses), { 401: 5, 429: 1 })
      assert.equal((await attempt({})).status, 429)
      assert.equal((await holders.alone(prey.device)).status, 204)
    })
  })

  test('of one device whose counter does not rise is refused, and the audit log says so', async () => {
    const copied = await holders.holder('copied')
    assert.equal((await holders.alone(copied.device, { counter: 7 })).status, 204)
    for (const counter of [7, 6, 0]) {
      assert.equal((await holders.alone(copied.device, { counter })).status, 401, `alone, ${counter}`)
      assert.equal((await holders.beside('copied', copied.device, { counter })).status, 401, `${counter}`)
    }
    const events = await eventsOf(copied.userID, 'factor.copied')
    assert.deepEqual(
      [events[0].outcome, events[0].target.name, events.length > 0],
      ['refused', 'laptop', true],
    )
    assert.equal((await holders.alone(copied.device, { counter: 8 })).status, 204)
  })

  test('that does not count, or is on several devices, may repeat its counter', async () => {
    const still = await holders.holder('still')
    for (const _ of [1, 2]) assert.equal((await holders.alone(still.device, { counter: 0 })).status, 204)
    const synced = await holders.holder('synced', { isSynchronizable: true })
    for (const counter of [9, 3, 3])
      assert.equal((await holders.alone(synced.device, { counter })).status, 204)
    assert.ok(server.log.some((line) => line.includes('the counter of a synchronized passkey went back')))
    assert.equal((await holders.alone(synced.device, { isSynchronizable: false })).status, 401)
  })

  describe('is made', () => {
    test('by the session that began, once, and nowhere twice', async () => {
      const [one, two] = [await holders.holder('one'), await holders.holder('two')]
      const session = enteredAlone(await holders.alone(one.device))
      const begun = await holders.beginMaking(session)
      assert.deepEqual(begun.publicKey.excludeCredentials, [
        { type: 'public-key', id: one.device.id, transports: ['internal'] },
      ])
      assert.equal(begun.publicKey.user.name, 'one')
      const device = createAuthenticator({ origin: ORIGIN, rpId: 'sluice.corp.test' })
      const passkey = device.create(begun.publicKey)
      const foreign = enteredAlone(await holders.alone(two.device))
      assert.equal((await holders.finishMaking(foreign, begun.enrolment, passkey)).status, 400)
      const other = enteredAlone(await holders.alone(one.device))
      assert.equal((await holders.finishMaking(other, begun.enrolment, passkey)).status, 400)
      const answers = await atOnce(3, () => holders.finishMaking(session, begun.enrolment, passkey))
      assert.deepEqual(tally(answers), { 201: 1, 400: 2 })
      // Making one ended the other session.
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, other)).status, 401)
      const again = await holders.beginMaking(foreign)
      assert.equal(again.publicKey.excludeCredentials.length, 1)
      const stolen = device.create(again.publicKey)
      assert.equal((await holders.finishMaking(foreign, again.enrolment, stolen)).status, 400)
      const events = await eventsOf(one.userID, 'factor.add')
      assert.equal(events.length, 2)
    })

    test('for a right answer within ten minutes', async () => {
      await server.addUser('maker')
      const own = cookie(await server.enter({ name: 'maker' }))
      const device = createAuthenticator({ origin: ORIGIN, rpId: 'sluice.corp.test' })
      for (const twist of [{ origin: 'https://evil.test' }, { rpId: 'corp.test' }, { challenge: 'AAAA' }]) {
        const { publicKey, enrolment } = await holders.beginMaking(own)
        const wrong = await holders.finishMaking(own, enrolment, device.create(publicKey, twist))
        assert.equal(wrong.status, 400, JSON.stringify(twist))
      }
      const begun = await holders.beginMaking(own)
      const app = await server.ask('POST', '/api/v2/me/second-factors/totp', undefined, own)
      const passkey = device.create(begun.publicKey)
      assert.equal((await holders.finishMaking(own, app.json.enrolment, passkey)).status, 400)
      server.pass(10 * MINUTE + 1)
      const late = await holders.finishMaking(own, begun.enrolment, passkey)
      assert.equal(late.status, 400, late.text)
    })

    test('with a recent sign-in by both factors, and by no token', async () => {
      const more = await holders.holder('more')
      const path = '/api/v2/me/passkeys/challenge'
      assert.deepEqual(outcomeOf(await holders.post(path, undefined, more.session)), [
        ...[403, 'second-factor-required'],
      ])
      assert.deepEqual(outcomeOf(await server.ask('POST', path)), [403, 'session-needed'])
      const session = enteredAlone(await holders.alone(more.device))
      const second = await holders.enrol(session, {}, 'phone')
      assert.equal(second.recoveryCodes, undefined)
      assert.equal((await holders.alone(second.device)).status, 204)
      const renamed = await server.ask(
        'PATCH',
        `/api/v2/me/second-factors/${second.id}`,
        { name: 'tablet' },
        session,
      )
      assert.equal(renamed.status, 204)
      server.pass(31 * MINUTE)
      const stale = await server.ask('DELETE', `/api/v2/me/second-factors/${second.id}`, undefined, session)
      assert.deepEqual(outcomeOf(stale), [403, 'sign-in-too-old'])
    })
  })

  test('that is lost is replaced by a recovery code, or reset by an operator', async () => {
    const lost = await holders.holder('lost')
    const people = createPeople(server)
    const pending = pendingOf(await lost.enter())
    assert.equal((await people.goOn(pending, lost.recoveryCodes[0] ?? '')).status, 204)
    const challenge = await holders.ask()
    const reset = await server.ask('DELETE', `/api/v2/users/${lost.userID}/second-factors`)
    assert.equal(reset.status, 204)
    assert.equal((await holders.answer(challenge, lost.device.get(challenge.publicKey))).status, 401)
    const session = cookie(await lost.enter())
    // The handle stays, so that an authenticator replaces what it has of this user.
    const before = lost.device.get({ challenge: 'AAAA' }).response.userHandle
    assert.equal((await holders.beginMaking(session)).publicKey.user.id, before)
  })

  test('works beside an authenticator app', async () => {
    const people = createPeople(server)
    const both = await people.person('both')
    const session = sessionIn(await both.enterFully())
    const { device } = await holders.enrol(session)
    assert.equal((await both.enter()).headers['x-sluice-second-factor'], 'passkey, totp, recovery-code')
    assert.equal((await holders.beside('both', device)).status, 204)
    assert.equal((await both.enterFully()).status, 204)
    server.pass(STEP_MS)
  })
})

test('wrong answers are counted for the address, and a right one is never held back', async () => {
  const server = await startAttacked(
    ...['--second-factor', 'offered', '--public-url', ORIGIN],
    ...['--guess-address-limit', '3', '--trusted-proxies', '127.0.0.1'],
  )
  try {
    const holders = createHolders(server)
    const { device } = await holders.holder('kim')
    const headers = from('192.0.2.7')
    const wrong = await inTurn(4, () => holders.alone(device, { breaksSignature: true }, headers))
    assert.deepEqual(tally(wrong), { 401: 3, 429: 1 })
    assert.equal((await holders.alone(device, {}, headers)).status, 204)
  } finally {
    await server.stop()
  }
})

test('a required second factor may be a passkey', async () => {
  const server = await startAttacked(...FLAGS.with(1, 'all'))
  try {
    const holders = createHolders(server)
    const kim = await holders.holder('kim')
    const session = enteredAlone(await holders.alone(kim.device))
    assert.equal((await server.ask('GET', '/api/v2/orgs', undefined, session)).status, 200)
    const removed = await server.ask('DELETE', `/api/v2/me/second-factors/${kim.id}`, undefined, session)
    assert.deepEqual(outcomeOf(removed), [422, 'second-factor-required'])
  } finally {
    await server.stop()
  }
})

for (const [flags, passkeys, reason] of [
  [
    ['--second-factor', 'offered', '--public-url', 'http://192.0.2.1:8086'],
    'needs-name',
    'passkeys-unavailable',
  ],
  [
    ['--second-factor', 'offered', '--public-url', 'https://[2001:db8::1]'],
    'needs-name',
    'passkeys-unavailable',
  ],
  [
    ['--second-factor', 'offered', '--public-url', 'http://sluice.test'],
    'needs-https',
    'passkeys-unavailable',
  ],
  [['--second-factor', 'offered'], 'needs-public-url', 'passkeys-unavailable'],
  [['--second-factor', 'off', '--public-url', ORIGIN], 'off', 'second-factors-off'],
] as const) {
  test(`no passkeys are offered with ${flags.join(' ')}`, async () => {
    const server = await startAttacked(...flags)
    try {
      const session = await server.session()
      const own = await server.ask('GET', '/api/v2/me/second-factors', undefined, session)
      assert.equal(own.json.passkeys, passkeys)
      for (const [path, headers] of [
        ['/api/v2/me/passkeys/challenge', session],
        ['/api/v2/signin/passkey/challenge', {}],
      ] as const) {
        assert.deepEqual(outcomeOf(await server.ask('POST', path, undefined, headers)), [403, reason], path)
      }
      const features = await server.ask('GET', '/api/v2/features')
      assert.equal(features.json.passkeySignIn, false)
      assert.equal(features.json.passkeyOrigin, passkeys === 'off' ? ORIGIN : undefined)
    } finally {
      await server.stop()
    }
  })
}

test('without passkey-sign-in a passkey is a second factor only', async () => {
  const server = await startAttacked(...FLAGS, '--passkey-sign-in=false')
  try {
    const holders = createHolders(server)
    const { device } = await holders.holder('kim')
    const features = await server.ask('GET', '/api/v2/features')
    assert.deepEqual([features.json.passkeySignIn, features.json.passkeyOrigin], [false, ORIGIN])
    for (const [path, json] of [
      ['/api/v2/signin/passkey/challenge', undefined],
      ['/api/v2/signin/passkey', { passkey: device.get({ challenge: 'AAAA' }) }],
    ] as const) {
      assert.deepEqual(outcomeOf(await holders.post(path, json)), [403, 'passkeys-unavailable'])
    }
    assert.equal((await holders.beside('kim', device)).status, 204)
  } finally {
    await server.stop()
  }
})

test('webauthn-rp-id makes passkeys those of a domain above', async () => {
  const server = await startAttacked(...FLAGS, '--webauthn-rp-id', 'corp.test')
  try {
    const holders = createHolders(server)
    const { device } = await holders.holder('kim', { rpId: 'corp.test' })
    assert.equal((await holders.ask()).publicKey.challenge.length, 43)
    assert.equal((await holders.alone(device)).status, 204)
    assert.equal((await holders.alone(device, { rpId: 'sluice.corp.test' })).status, 401)
  } finally {
    await server.stop()
  }
})
