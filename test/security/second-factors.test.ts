/** Second factors over the API: enrolment, the second step of sign-in, guessing, policies and resets (ASVS 5.0 6.3 to 6.6). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { STEP_MS } from '../../src/domain/second-factors/totp.ts'
import { send } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { secretOf } from '../support/second-factor.ts'
import { type Attacked, atOnce, cookie, from, inTurn, MINUTE, startAttacked, tally } from './attack.ts'
import { createPeople, type Headers, outcomeOf, pendingOf, reasonOf, sessionIn } from './factor-holders.ts'

describe('a user with an authenticator app', () => {
  let server: Attacked
  let people: ReturnType<typeof createPeople>
  before(async () => {
    server = await startAttacked(
      ...['--second-factor', 'offered', '--trusted-proxies', '127.0.0.1'],
      ...['--guess-address-limit', '10000'],
    )
    people = createPeople(server)
  })
  after(() => server.stop())

  test('signs in with password and code, and each code works once', async () => {
    const kim = await people.person('kim')
    // The code of the enrolment is used up too.
    assert.deepEqual(outcomeOf(await people.goOn(pendingOf(await kim.enter()), kim.code())), [
      401,
      'second-factor-wrong',
    ])
    server.pass(STEP_MS)
    const due = await kim.enter()
    assert.equal(due.headers['x-sluice-second-factor'], 'totp, recovery-code')
    const session = sessionIn(await people.goOn(pendingOf(due), kim.code()))
    assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).json.name, 'kim')
    const again = await people.goOn(pendingOf(await kim.enter()), kim.code())
    assert.deepEqual(outcomeOf(again), [401, 'second-factor-wrong'])
    // An earlier code is refused once a later one was accepted.
    assert.equal((await people.goOn(pendingOf(await kim.enter()), kim.code(-1))).status, 401)
    const own = await server.ask('GET', '/api/v2/me/second-factors', undefined, session)
    assert.equal(own.json.factors[0].lastUsedAt, new Date(server.now()).toISOString())
    assert.deepEqual([own.json.recoveryCodesLeft, own.json.required], [10, false])
  })

  test('is refused a code that is 61 seconds late, and the log says that a clock is wrong', async () => {
    const late = await people.person('late')
    server.pass(5 * STEP_MS)
    assert.equal((await people.goOn(pendingOf(await late.enter()), late.code(-1))).status, 204)
    server.pass(5 * STEP_MS)
    assert.equal((await people.goOn(pendingOf(await late.enter()), late.code(-3))).status, 401)
    assert.ok(server.log.some((line) => line.includes('a clock is wrong') && line.includes(late.userID)))
  })

  test('starts one session with one code, however many requests bring it at once', async () => {
    const twin = await people.person('twin')
    server.pass(STEP_MS)
    const pending = pendingOf(await twin.enter())
    const answers = await atOnce(5, () => people.goOn(pending, twin.code()))
    assert.deepEqual(tally(answers), { 204: 1, 401: 4 })
  })

  test('opens nothing with half a sign-in', async () => {
    const half = await people.person('half')
    const pending = pendingOf(await half.enter())
    const value = (pending.cookie ?? '').split('=')[1]
    for (const headers of [pending, { cookie: `influxdb-oss-session=${value}` }]) {
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, headers)).status, 401)
    }
    for (const headers of [{}, { cookie: 'influxdb-oss-session-pending=forged.AAAA' }]) {
      assert.deepEqual(outcomeOf(await people.goOn(headers, half.code())), [401, 'second-factor-expired'])
    }
  })

  test('begins again after five minutes, or after the password, the sessions or the user changed', async () => {
    const slow = await people.person('slow')
    const changes: [string, () => Promise<unknown>][] = [
      ['time', async () => server.pass(5 * MINUTE)],
      ['password', () => server.ask('POST', `/api/v2/users/${slow.userID}/password`, { password: PASSWORD })],
      ['sessions', () => server.ask('DELETE', `/api/v2/users/${slow.userID}/sessions`)],
      ['status', () => server.ask('PATCH', `/api/v2/users/${slow.userID}`, { status: 'inactive' })],
    ]
    for (const [what, change] of changes) {
      server.pass(STEP_MS)
      const pending = pendingOf(await slow.enter())
      await change()
      server.pass(STEP_MS)
      assert.deepEqual(
        outcomeOf(await people.goOn(pending, slow.code())),
        [401, 'second-factor-expired'],
        what,
      )
    }
  })

  test('uses each recovery code once, which the audit log records', async () => {
    const lost = await people.person('lost')
    const [code, other] = lost.recoveryCodes
    assert.equal(lost.recoveryCodes.length, 10)
    const pending = pendingOf(await lost.enter())
    const answers = await atOnce(3, () => people.goOn(pending, code.toUpperCase()))
    assert.deepEqual(tally(answers), { 204: 1, 401: 2 })
    const events = await server.ask('GET', `/api/v2/audit?userID=${lost.userID}&event=recovery-code.use`)
    assert.equal(events.json.events.length, 1)
    // Another user's codes are worth nothing.
    const thief = await people.person('thief')
    assert.equal((await people.goOn(pendingOf(await thief.enter()), other)).status, 401)
    const session = sessionIn(await lost.enterFully())
    const renewed = await server.ask('POST', '/api/v2/me/recovery-codes', undefined, session)
    assert.equal(renewed.json.recoveryCodes.length, 10)
    assert.equal((await people.goOn(pendingOf(await lost.enter()), other)).status, 401)
    assert.equal(
      (await people.goOn(pendingOf(await lost.enter()), renewed.json.recoveryCodes[0])).status,
      204,
    )
  })

  test('needs both factors for powerful acts, also in the session that enrolled', async () => {
    const boss = await people.person('boss')
    const ask = (session: Headers) =>
      server.ask('POST', '/api/v2/me/application-passwords', { name: 'telegraf' }, session)
    assert.deepEqual(outcomeOf(await ask(boss.session)), [403, 'second-factor-required'])
    assert.equal((await ask(sessionIn(await boss.enterFully()))).status, 201)
  })

  test('removes a factor, which is refused in a sign-in that is under way', async () => {
    const two = await people.person('two')
    const session = sessionIn(await two.enterFully())
    server.pass(STEP_MS)
    const more = await people.enrol(session, 'tablet')
    assert.equal(more.recoveryCodes, undefined)
    server.pass(STEP_MS)
    const pending = pendingOf(await two.enter())
    assert.equal((await people.goOn(pending, people.codeAt(more.secret))).status, 204, 'each app works')
    const fresh = sessionIn(await two.enterFully())
    const remove = (id: string) => server.ask('DELETE', `/api/v2/me/second-factors/${id}`, undefined, fresh)
    server.pass(STEP_MS)
    const underWay = pendingOf(await two.enter())
    assert.equal((await remove(more.id)).status, 204)
    assert.equal((await people.goOn(underWay, people.codeAt(more.secret))).status, 401)
    assert.equal((await remove(two.id)).status, 204)
    assert.equal((await two.enter()).status, 204, 'without a factor the password is enough')
  })

  test('cannot be changed by a token, and not by another user', async () => {
    const own = await people.person('own')
    const other = await people.person('other')
    const session = sessionIn(await other.enterFully())
    const path = `/api/v2/me/second-factors/${own.id}`
    assert.equal((await server.ask('DELETE', path, undefined, session)).status, 404)
    assert.equal((await server.ask('PATCH', path, { name: 'x' }, session)).status, 404)
    assert.deepEqual(outcomeOf(await server.ask('DELETE', path)), [403, 'session-needed'])
    // An enrolment belongs to its user.
    const begun = await server.ask('POST', '/api/v2/me/second-factors/totp', undefined, session)
    const { enrolment, secret } = begun.json
    const third = cookie(await server.enter({ name: await named('third') }))
    const body = { name: 'x', enrolment, code: people.codeAt(secretOf(secret)) }
    assert.equal((await server.ask('POST', '/api/v2/me/second-factors', body, third)).status, 400)
    async function named(name: string) {
      await server.addUser(name)
      return name
    }
  })

  test('has secrets in the database and the log only sealed or hashed', async () => {
    const sealed = await people.person('sealed')
    const rows = await server.store.secondFactors.ofUser(sealed.userID as never)
    const secret = Buffer.from(sealed.secret)
    const stored = JSON.stringify(rows)
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      const text = secret.toString(form)
      assert.ok(!stored.includes(text), form)
      assert.ok(!server.log.some((line) => line.includes(text)), form)
    }
    for (const code of sealed.recoveryCodes) assert.ok(!server.log.some((line) => line.includes(code)))
  })
})

describe('guessing codes', () => {
  test('is stopped for the user, whatever the address, and a right password clears nothing', async () => {
    const server = await startAttacked('--second-factor', 'offered', '--trusted-proxies', '127.0.0.1')
    try {
      const people = createPeople(server)
      const prey = await people.person('prey')
      server.pass(STEP_MS)
      const guesses = await inTurn(6, async (index) => {
        const headers = from(`192.0.2.${index + 1}`)
        return people.goOn(pendingOf(await server.enter({ name: 'prey', headers })), '000000', headers)
      })
      assert.deepEqual(tally(guesses), { 401: 5, 429: 1 })
      const headers = from('192.0.2.99')
      const pending = pendingOf(await server.enter({ name: 'prey', headers }))
      assert.equal((await people.goOn(pending, prey.code(), headers)).status, 429, 'the right one too')
      server.pass(11_000)
      assert.equal((await people.goOn(pending, prey.code(), headers)).status, 204)
    } finally {
      await server.stop()
    }
  })

  test('shows operators the user, whom they can release', async () => {
    const server = await startAttacked('--second-factor', 'offered')
    try {
      const people = createPeople(server)
      const prey = await people.person('prey')
      server.pass(STEP_MS)
      const pending = pendingOf(await prey.enter())
      await inTurn(6, () => people.goOn(pending, '000000'))
      const { throttled } = (await server.ask('GET', '/api/v2/overview')).json
      const listed = throttled.find((each: { scope: string }) => each.scope === 'user')
      assert.equal(listed?.userID, prey.userID, JSON.stringify(throttled))
      const { scope, address, userID } = listed
      const release = await server.ask('POST', '/api/v2/throttled/release', { scope, address, userID })
      assert.equal(release.status, 204, release.text)
      assert.equal((await people.goOn(pending, prey.code())).status, 204)
    } finally {
      await server.stop()
    }
  })

  test('counts against the password at that address too', async () => {
    const server = await startAttacked('--second-factor', 'offered')
    try {
      const people = createPeople(server)
      const prey = await people.person('prey')
      const pending = pendingOf(await prey.enter())
      await inTurn(2, () => people.goOn(pending, '000000'))
      const wrong = await inTurn(4, () => server.enter({ name: 'prey', password: 'not the horse 1' }))
      assert.deepEqual(tally(wrong), { 401: 3, 429: 1 })
    } finally {
      await server.stop()
    }
  })
})

describe('an application password', () => {
  let server: Attacked
  let people: ReturnType<typeof createPeople>
  before(async () => {
    server = await startAttacked('--second-factor', 'offered')
    people = createPeople(server)
  })
  after(() => server.stop())

  async function create(session: Headers, more: object = {}) {
    const body = { name: 'telegraf', ...more }
    const made = await server.ask('POST', '/api/v2/me/application-passwords', body, session)
    assert.equal(made.status, 201, made.text)
    return made.json
  }

  test('signs in without a second factor, and administers nothing', async () => {
    const ann = await people.person('ann')
    const org = (await server.ask('POST', '/api/v2/orgs', { name: 'plant' })).json.id
    await server.ask('POST', `/api/v2/orgs/${org}/owners`, { id: ann.userID })
    const session = sessionIn(await ann.enterFully())
    const made = await create(session)
    assert.match(made.password, /^sluice-app-[a-z2-7-]{31}$/)
    const own = cookie(await server.enter({ name: 'ann', password: made.password }))
    const ask = (method: string, path: string, json?: unknown, headers = own) =>
      server.ask(method, path, json, headers)
    assert.equal((await ask('GET', '/api/v2/orgs')).json.orgs[0].name, 'plant')
    assert.equal((await ask('POST', '/api/v2/buckets', { orgID: org, name: 'by client' })).status, 201)
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: org } }]
    for (const [method, path, json] of [
      ['POST', '/api/v2/authorizations', { orgID: org, permissions }],
      ['POST', `/api/v2/orgs/${org}/members`, { id: server.userID }],
      ['PATCH', `/api/v2/orgs/${org}`, { description: 'x' }],
      ['POST', '/api/v2/me/second-factors/totp', undefined],
      ['POST', '/api/v2/me/application-passwords', { name: 'x' }],
      ['DELETE', '/api/v2/me/sessions', undefined],
    ] as const) {
      const received = await ask(method, path, json)
      assert.equal(received.status === 401 || received.status === 403, true, `${path}: ${received.text}`)
    }
    const { id } = made
    assert.equal((await ask('DELETE', `/api/v2/me/application-passwords/${id}`)).status, 401)
    const listed = await ask('GET', '/api/v2/me/application-passwords', undefined, session)
    assert.deepEqual(Object.keys(listed.json.applicationPasswords[0]).toSorted(), [
      ...['access', 'createdAt', 'id', 'lastUsedAt', 'name'],
    ])
    // Deleting it ends its sessions.
    const path = `/api/v2/me/application-passwords/${id}`
    assert.equal((await ask('DELETE', path, undefined, session)).status, 204)
    assert.equal((await ask('GET', '/api/v2/me')).status, 401)
    assert.equal((await server.enter({ name: 'ann', password: made.password })).status, 401)
  })

  test('only reads, if it is for reading, and ends when it expires', async () => {
    const ben = await people.person('ben')
    const org = (await server.ask('POST', '/api/v2/orgs', { name: 'lab' })).json.id
    await server.ask('POST', `/api/v2/orgs/${org}/owners`, { id: ben.userID })
    const session = sessionIn(await ben.enterFully())
    const expiresAt = new Date(server.now() + MINUTE).toISOString()
    const { password } = await create(session, { access: 'read', expiresAt })
    const own = cookie(await server.enter({ name: 'ben', password }))
    assert.equal((await server.ask('GET', '/api/v2/orgs', undefined, own)).status, 200)
    const bucket = { orgID: org, name: 'by client' }
    assert.equal((await server.ask('POST', '/api/v2/buckets', bucket, own)).status, 401)
    assert.equal((await server.enter({ name: 'ann', password })).status, 401, 'of another user')
    server.pass(MINUTE)
    assert.equal((await server.enter({ name: 'ben', password })).status, 401)
  })
})

describe('a required second factor', () => {
  test('leaves a session nothing but enrolment, after the grace', async () => {
    const server = await startAttacked('--second-factor', 'all', '--second-factor-grace', '1')
    try {
      const people = createPeople(server)
      await server.addUser('new')
      const status = async (path: string, session: Headers) =>
        outcomeOf(await server.ask('GET', path, undefined, session))
      const first = cookie(await server.enter({ name: 'new' }))
      assert.deepEqual(await status('/api/v2/orgs', first), [200, undefined])
      const second = cookie(await server.enter({ name: 'new' }))
      for (const session of [first, second]) {
        assert.deepEqual(await status('/api/v2/orgs', session), [403, 'enrolment-due'])
        assert.deepEqual(await status('/api/v2/me', session), [200, undefined])
      }
      for (const [method, path] of [
        ['GET', '/api/v2/me/sessions'],
        ['GET', '/api/v2/me/application-passwords'],
        ['POST', '/api/v2/me/application-passwords'],
      ] as const) {
        const received = await server.ask(method, path, undefined, second)
        assert.deepEqual(outcomeOf(received), [403, 'enrolment-due'], path)
      }
      const { id } = await people.enrol(second)
      assert.deepEqual(await status('/api/v2/orgs', second), [200, undefined])
      assert.deepEqual(await status('/api/v2/orgs', first), [401, 'session-expired'], 'others end')
      const removed = await server.ask('DELETE', `/api/v2/me/second-factors/${id}`, undefined, second)
      assert.equal(reasonOf(removed), 'second-factor-required')
    } finally {
      await server.stop()
    }
  })

  test('is that of operators, of owners, or of an organization', async () => {
    for (const [rule, expected] of [
      ['offered', ['strict owner', 'strict member']],
      ['operators', ['operator', 'strict owner', 'strict member']],
      ['owners', ['operator', 'owner', 'strict owner', 'strict member']],
    ] as const) {
      const server = await startAttacked('--second-factor', rule)
      try {
        const orgs: Record<string, string> = {}
        for (const name of ['lax', 'strict']) {
          orgs[name] = (await server.ask('POST', '/api/v2/orgs', { name })).json.id
        }
        const path = `/api/v2/orgs/${orgs.strict}/second-factor`
        assert.equal((await server.ask('PUT', path, { requiredFor: 'members' })).status, 204)
        assert.deepEqual((await server.ask('GET', path)).json, { requiredFor: 'members' })
        for (const [name, org, role] of [
          ['owner', 'lax', 'owners'],
          ['member', 'lax', 'members'],
          ['strict owner', 'strict', 'owners'],
          ['strict member', 'strict', 'members'],
        ] as const) {
          const id = await server.addUser(name)
          await server.ask('POST', `/api/v2/orgs/${orgs[org]}/${role}`, { id })
        }
        await server.addUser('nobody')
        // The operator owns both organizations, and their requirement counts too.
        await server.ask('DELETE', `/api/v2/orgs/${orgs.strict}/owners/${server.userID}`)
        const due: string[] = []
        for (const name of ['operator', 'owner', 'member', 'strict owner', 'strict member', 'nobody']) {
          const session = cookie(await server.enter(name === 'operator' ? {} : { name }))
          const { status } = await server.ask('GET', '/api/v2/orgs', undefined, session)
          if (status === 403) due.push(name)
        }
        assert.deepEqual(due, expected, rule)
      } finally {
        await server.stop()
      }
    }
  })
})

describe('an operator', () => {
  test('resets the factors of a user, which is audited; a required one is then due at once', async () => {
    const server = await startAttacked('--second-factor', 'all', '--second-factor-grace', '5')
    try {
      const people = createPeople(server)
      const kim = await people.person('kim')
      const session = sessionIn(await kim.enterFully())
      const app = await server.ask('POST', '/api/v2/me/application-passwords', { name: 'x' }, session)
      const path = `/api/v2/users/${kim.userID}/second-factors`
      const seen = await server.ask('GET', path)
      assert.deepEqual([seen.json.factors.length, seen.json.recoveryCodesLeft], [1, 10])
      assert.equal((await server.ask('DELETE', path, undefined, session)).status, 401)
      const pending = pendingOf(await kim.enter())
      assert.equal((await server.ask('DELETE', path)).status, 204)
      assert.equal((await people.goOn(pending, kim.recoveryCodes[0])).status, 401)
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).status, 401)
      assert.equal((await server.enter({ name: 'kim', password: app.json.password })).status, 401)
      const again = cookie(await server.enter({ name: 'kim' }))
      const orgs = await server.ask('GET', '/api/v2/orgs', undefined, again)
      assert.deepEqual(outcomeOf(orgs), [403, 'enrolment-due'])
      const events = await server.ask('GET', `/api/v2/audit?userID=${kim.userID}&event=factor.reset`)
      assert.deepEqual(
        events.json.events.map((each: { target: { name: string } }) => each.target.name),
        ['kim'],
      )
    } finally {
      await server.stop()
    }
  })
})

test('without the setting nobody can enrol, and a factor enrolled before is still asked for', async () => {
  const server = await startAttacked()
  try {
    const session = await server.session()
    const begun = await server.ask('POST', '/api/v2/me/second-factors/totp', undefined, session)
    assert.deepEqual(outcomeOf(begun), [403, 'second-factors-off'])
    await server.store.secondFactors.add({
      ...{ id: '0000000000000042' as never, userID: server.userID as never, kind: 'totp', name: 'phone' },
      ...{ secret: 'sealed with another key', credentialID: undefined, counter: 0, passkey: undefined },
      ...{ createdAt: 0, lastUsedAt: undefined },
    })
    const pending = pendingOf(await server.enter())
    const answer = await send(server.url, {
      method: 'POST',
      path: '/api/v2/signin/second-factor',
      headers: pending,
      body: JSON.stringify({ code: '123456' }),
    })
    assert.deepEqual(outcomeOf(answer), [401, 'second-factor-wrong'])
  } finally {
    await server.stop()
  }
})

test('a page of another site can neither begin nor finish a sign-in', async () => {
  const server = await startAttacked('--second-factor', 'offered')
  try {
    const people = createPeople(server)
    const kim = await people.person('kim')
    server.pass(STEP_MS)
    const pending = pendingOf(await kim.enter())
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    assert.deepEqual(outcomeOf(await people.goOn(pending, kim.code(), foreign)), [403, 'forged-request'])
    assert.equal((await people.goOn(pending, kim.code())).status, 204, 'the code was not used up')
  } finally {
    await server.stop()
  }
})
