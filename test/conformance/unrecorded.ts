/** Operations without a recording, in the format of a recorded scenario; the expected answers are our own. */
import { readScenarios, type Scenario, type Step } from './scenario.ts'

const setup = readScenarios()[0]?.steps[0] as Step
const OPERATOR = { authorization: 'Token {{operator}}' }
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
const BOB = { links: { self: '/api/v2/users/{{bob}}' }, id: '{{bob}}', name: 'bob', status: 'active' }
const DONE = { status: 204, headers: {}, body: null }

function get(path: string, body: unknown): Step {
  return step(
    `GET ${path}`,
    { method: 'GET', path, headers: OPERATOR },
    { status: 200, headers: JSON_TYPE, body },
  )
}

function step(name: string, request: Step['request'], expect: Step['expect']): Step {
  return { name, request, expect }
}

/** Lists the members or owners of a bucket or an organization. */
function people(path: string, ...users: object[]): Step {
  return get(path, { links: { self: path }, users })
}

/** Adds bob and removes him again, listing the members each time. */
function joinAndLeave(path: string, role: 'member' | 'owner', others: object[] = []): Step[] {
  const request = { method: 'POST', path, headers: OPERATOR, json: { id: '{{bob}}' } }
  const joined = { role, ...BOB }
  return [
    step(`bob becomes ${role}`, request, { status: 201, headers: JSON_TYPE, body: joined }),
    people(path, ...others, joined),
    step(
      `bob is no ${role} any more`,
      { method: 'DELETE', path: `${path}/{{bob}}`, headers: OPERATOR },
      DONE,
    ),
    people(path, ...others),
  ]
}

/** Adds bob as a member, makes him an owner, and removes him. */
function changeRole(place: string): Step[] {
  const members = `${place}/members`
  const add = { method: 'POST', path: members, headers: OPERATOR, json: { id: '{{bob}}' } }
  const path = `${members}/{{bob}}`
  const change = { method: 'PATCH', path, headers: OPERATOR, json: { role: 'owner' } }
  return [
    step('bob becomes member', add, { status: 201, headers: JSON_TYPE, body: { role: 'member', ...BOB } }),
    step('and owner', change, { status: 200, headers: JSON_TYPE, body: { role: 'owner', ...BOB } }),
    people(members),
    step('and nothing', { method: 'DELETE', path, headers: OPERATOR }, DONE),
  ]
}

const ADA = { links: { self: '/api/v2/users/{{ada}}' }, id: '{{ada}}', name: 'ada', status: 'active' }

/** Sessions, rotation and the audit log, which InfluxDB does not have. */
const own: Step[] = [
  ...['/api/v2/me/sessions', '/api/v2/users/{{ada}}/sessions'].map((path) => get(path, '{{any}}')),
  ...['/api/v2/me/sessions', '/api/v2/users/{{bob}}/sessions', '/api/v2/sessions'].map((path) =>
    step(`DELETE ${path}`, { method: 'DELETE', path, headers: OPERATOR }, DONE),
  ),
  ...['/api/v2/me/sessions', '/api/v2/users/{{ada}}/sessions'].map((path) =>
    step(
      `DELETE one of ${path}`,
      { method: 'DELETE', path: `${path}/0000000000000009`, headers: OPERATOR },
      {
        status: 404,
        headers: { ...JSON_TYPE, 'x-platform-error-code': 'not found' },
        body: { code: 'not found', message: 'session not found' },
      },
    ),
  ),
  {
    name: 'create a token',
    request: {
      method: 'POST',
      path: '/api/v2/authorizations',
      headers: OPERATOR,
      json: { orgID: '{{org}}', permissions: [{ action: 'read', resource: { type: 'buckets' } }] },
    },
    save: { rotated: '/id' },
    expect: { status: 201, headers: JSON_TYPE, body: '{{any}}' },
  },
  step(
    'rotate it',
    {
      method: 'POST',
      path: '/api/v2/authorizations/{{rotated}}/rotate',
      headers: OPERATOR,
      json: { graceSeconds: 5 },
    },
    { status: 200, headers: JSON_TYPE, body: '{{any}}' },
  ),
  get('/api/v2/audit', '{{any}}'),
  step('a gateway asks', { method: 'GET', path: '/api/v2/auth/check', headers: OPERATOR }, DONE),
  step(
    'an address that is not listed',
    { method: 'GET', path: '/api/v2/auth/return?to=https://evil.example/' },
    {
      status: 400,
      headers: { ...JSON_TYPE, 'x-platform-error-code': 'invalid' },
      body: {
        code: 'invalid',
        message:
          'this server does not send browsers to that address; its host must be in allowed-return-hosts',
      },
    },
  ),
]

const TOO_LONG = 'x'.repeat(5000)

/** Refusals whose statuses the OpenAPI document must name. */
const refusals: Step[] = [
  refusal('the last operator stays', { method: 'DELETE', path: '/api/v2/users/{{ada}}' }, 422, 'conflict'),
  refusal(
    'a new token with a long description',
    {
      ...{ method: 'POST', path: '/api/v2/authorizations' },
      json: {
        orgID: '{{org}}',
        description: TOO_LONG,
        permissions: [{ action: 'read', resource: { type: 'buckets' } }],
      },
    },
    422,
    'unprocessable entity',
  ),
  refusal(
    'a token with a long description',
    { method: 'PATCH', path: '/api/v2/authorizations/{{rotated}}', json: { description: TOO_LONG } },
    422,
    'unprocessable entity',
  ),
  refusal(
    'the password of nobody',
    { method: 'POST', path: '/api/v2/users/0000000000000009/password', json: { password: 'a fine horse' } },
    403,
    'forbidden',
  ),
  refusal(
    'differences without an upstream',
    { method: 'GET', path: '/api/v2/upstream/differences' },
    404,
    'not found',
  ),
  refusal(
    'a repair without an upstream',
    { method: 'POST', path: '/api/v2/upstream/repair', json: { from: 'here' } },
    404,
    'not found',
  ),
  refusal(
    'adopting databases without an upstream',
    { method: 'POST', path: '/api/v2/upstream/adopt', json: { dryRun: true } },
    404,
    'not found',
  ),
  refusal(
    'the release of an address that is not throttled',
    { method: 'POST', path: '/api/v2/throttled/release', json: { scope: 'address', address: '192.0.2.1' } },
    404,
    'not found',
  ),
]

function refusal(name: string, request: Step['request'], status: number, code: string): Step {
  const headers = { ...JSON_TYPE, 'x-platform-error-code': code }
  return step(name, { ...request, headers: OPERATOR }, { status, headers, body: '{{any}}' })
}

/** The name and password of a client of the 1.x API, through all that is done with them. */
const LEGACY = '/private/legacy/authorizations'
const legacy: Step[] = [
  {
    name: 'create a 1.x authorization',
    request: {
      ...{ method: 'POST', path: LEGACY, headers: OPERATOR },
      json: {
        ...{ token: 'telegraf', orgID: '{{org}}' },
        permissions: [{ action: 'read', resource: { type: 'buckets', orgID: '{{org}}' } }],
      },
    },
    save: { legacy: '/id' },
    expect: { status: 201, headers: JSON_TYPE, body: '{{any}}' },
  },
  get(LEGACY, '{{any}}'),
  get(`${LEGACY}/{{legacy}}`, '{{any}}'),
  step(
    'describe it',
    { method: 'PATCH', path: `${LEGACY}/{{legacy}}`, headers: OPERATOR, json: { description: 'hosts' } },
    { status: 200, headers: JSON_TYPE, body: '{{any}}' },
  ),
  step(
    'set its password',
    {
      ...{ method: 'POST', path: `${LEGACY}/{{legacy}}/password`, headers: OPERATOR },
      json: { password: 'a password of telegraf' },
    },
    DONE,
  ),
  step('delete it', { method: 'DELETE', path: `${LEGACY}/{{legacy}}`, headers: OPERATOR }, DONE),
]

/** The settings of the recorded server offer no second factors, and the operator acts by a token. */
function secondFactors(): Step[] {
  const id = '0000000000000009'
  const forbidden = (method: string, path: string, message: string, json?: object) =>
    step(
      `${method} ${path}`,
      { method, path, headers: OPERATOR, ...(json ? { json } : {}) },
      {
        status: 403,
        headers: { ...JSON_TYPE, 'x-platform-error-code': 'forbidden' },
        body: { code: 'forbidden', message },
      },
    )
  const own = '/api/v2/me/second-factors'
  const applications = '/api/v2/me/application-passwords'
  const policy = '/api/v2/orgs/{{org}}/second-factor'
  const byToken = 'a token may not change how its user signs in; use a session'
  return [
    get(own, { offered: false, passkeys: 'off', required: false, factors: [], recoveryCodesLeft: 0 }),
    forbidden('POST', `${own}/totp`, byToken),
    forbidden('POST', own, byToken, { name: 'phone', enrolment: 'none', code: '123456' }),
    forbidden('POST', '/api/v2/me/passkeys/challenge', byToken),
    forbidden('POST', '/api/v2/me/passkeys', byToken, {
      ...{ name: 'laptop', enrolment: 'none' },
      passkey: { ...PASSKEY, response: { clientDataJSON: 'AA', attestationObject: 'AA' } },
    }),
    forbidden('PATCH', `${own}/${id}`, byToken, { name: 'phone' }),
    forbidden('DELETE', `${own}/${id}`, byToken),
    forbidden('POST', '/api/v2/me/recovery-codes', byToken),
    get(applications, { applicationPasswords: [] }),
    forbidden('POST', applications, byToken, { name: 'telegraf' }),
    forbidden('DELETE', `${applications}/${id}`, byToken),
    get('/api/v2/users/{{bob}}/second-factors', { factors: [], recoveryCodesLeft: 0 }),
    step(
      'reset the second factors of bob',
      { method: 'DELETE', path: '/api/v2/users/{{bob}}/second-factors', headers: OPERATOR },
      DONE,
    ),
    get(policy, { requiredFor: 'nobody' }),
    forbidden('PUT', policy, 'this server offers no second factors; its setting is second-factor', {
      requiredFor: 'owners',
    }),
    step(
      'a second factor without a sign-in',
      { method: 'POST', path: '/api/v2/signin/second-factor', headers: {}, json: { code: '123456' } },
      {
        status: 401,
        headers: { ...JSON_TYPE, 'x-platform-error-code': 'unauthorized' },
        body: { code: 'unauthorized', message: 'the sign-in took too long; begin it again' },
      },
    ),
    ...['/challenge', ''].map((path) =>
      step(
        `a passkey without a password${path}`,
        {
          ...{ method: 'POST', path: `/api/v2/signin/passkey${path}`, headers: {} },
          ...(path === '' ? { json: { passkey: { ...PASSKEY, response: ANSWER } } } : {}),
        },
        {
          status: 403,
          headers: { ...JSON_TYPE, 'x-platform-error-code': 'forbidden' },
          body: {
            code: 'forbidden',
            message: 'this server offers no second factors; its setting is second-factor',
          },
        },
      ),
    ),
    ...['/challenge', ''].map((path) =>
      step(
        `a passkey as a second factor without a sign-in${path}`,
        {
          ...{ method: 'POST', path: `/api/v2/signin/second-factor/passkey${path}`, headers: {} },
          ...(path === '' ? { json: { passkey: { ...PASSKEY, response: ANSWER } } } : {}),
        },
        {
          status: 401,
          headers: { ...JSON_TYPE, 'x-platform-error-code': 'unauthorized' },
          body: { code: 'unauthorized', message: 'the sign-in took too long; begin it again' },
        },
      ),
    ),
  ]
}

const PASSKEY = { id: 'AA', rawId: 'AA', type: 'public-key' }
const ANSWER = { clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' }
/** No provider is set up, so that an operator can link an identity only by hand. */
function identities(): Step[] {
  const path = '/api/v2/users/{{bob}}/identities'
  const json = { provider: 'corp', issuer: 'https://id.corp.test', subject: '00u1' }
  const body = { ...json, id: '{{id}}', name: '', linkedAt: '{{time}}', linkedBy: '{{ada}}' }
  return [
    get(path, { identities: [] }),
    {
      name: 'link an identity to bob',
      request: { method: 'POST', path, headers: OPERATOR, json },
      save: { identity: '/id' },
      expect: { status: 201, headers: JSON_TYPE, body },
    },
    step('unlink it', { method: 'DELETE', path: `${path}/{{identity}}`, headers: OPERATOR }, DONE),
    get('/api/v2/users/{{bob}}/switched-off-tokens', { tokens: [] }),
    step(
      'switch the tokens of bob on',
      { method: 'POST', path: '/api/v2/users/{{bob}}/switched-off-tokens/switch-on', headers: OPERATOR },
      { status: 200, headers: JSON_TYPE, body: { switchedOn: 0 } },
    ),
  ]
}

/** No command line was approved, and a token approves none. */
function commandLines(): Step[] {
  const [start, own] = ['/api/v2/signin', '/api/v2/me/command-line']
  const asked = { host: 'laptop', redirectUri: 'http://127.0.0.1:49152/', state: 's'.repeat(22) }
  const ask = (name: string, path: string, json: object) =>
    step(name, { method: 'POST', path, json }, { status: 200, headers: JSON_TYPE, body: '{{any}}' })
  const wrong = (name: string, path: string, json: object) =>
    refusal(name, { method: 'POST', path, json }, 400, 'invalid')
  const byToken = (path: string) =>
    refusal(path, { method: 'POST', path, json: { userCode: 'BBBB-BBBB' } }, 403, 'forbidden')
  return [
    ask('ask on this machine', `${start}/command-line`, { ...asked, challenge: 'c'.repeat(43) }),
    wrong('a wrong code', `${start}/command-line/token`, { code: 'none', verifier: 'v'.repeat(43) }),
    ask('ask on another machine', `${start}/device`, { host: 'server' }),
    wrong('a wrong device code', `${start}/device/token`, { device_code: 'none' }),
    ...[own, `${own}/approve`, `${own}/deny`].map(byToken),
    refusal('end a token without an end', { method: 'DELETE', path: '/api/v2/me/token' }, 403, 'forbidden'),
  ]
}

/** No provider is set up. */
function providers(): Step[] {
  const start = '/api/v2/signin/oidc/corp'
  const text = 'logout_token=none'
  return [
    refusal('begin at no provider', { method: 'POST', path: start, json: {} }, 404, 'not found'),
    refusal(
      'return from none',
      { method: 'GET', path: `${start}/callback?code=c&state=s` },
      404,
      'not found',
    ),
    refusal(
      'a logout by none',
      { method: 'POST', path: `${start}/backchannel-logout`, text },
      404,
      'not found',
    ),
    refusal(
      'sign out there without a session',
      { method: 'POST', path: '/api/v2/signout/provider' },
      401,
      'unauthorized',
    ),
    refusal(
      'link by token',
      { method: 'POST', path: '/api/v2/me/identities/oidc/corp', json: {} },
      403,
      'forbidden',
    ),
  ]
}

/** The settings of the recorded server name no mail server. */
function selfService(): Step[] {
  const invitations = '/api/v2/orgs/{{org}}/invitations'
  const email = '/api/v2/users/{{bob}}/email'
  const signIn = (path: string, json: object) => ({ method: 'POST', path: `/api/v2/signin/${path}`, json })
  const password = 'a horse that reads'
  const token = 'none'
  return [
    step(
      'invite somebody',
      { method: 'POST', path: invitations, headers: OPERATOR, json: { role: 'member' } },
      { status: 201, headers: JSON_TYPE, body: '{{any}}' },
    ),
    get(invitations, '{{any}}'),
    refusal(
      'revoke an unknown invitation',
      { method: 'DELETE', path: `${invitations}/0000000000000009` },
      404,
      'not found',
    ),
    step(
      'a link to set the password of bob',
      { method: 'POST', path: '/api/v2/users/{{bob}}/password-link', headers: OPERATOR, json: {} },
      { status: 201, headers: JSON_TYPE, body: '{{any}}' },
    ),
    refusal('no address', { method: 'GET', path: email }, 404, 'not found'),
    refusal(
      'mail is off',
      { method: 'PUT', path: email, json: { address: 'bob@example.com' } },
      403,
      'forbidden',
    ),
    refusal('no address to remove', { method: 'DELETE', path: email }, 404, 'not found'),
    refusal('look at no link', signIn('link', { token }), 401, 'unauthorized'),
    refusal('accept no link', signIn('invitation', { token, name: 'kim', password }), 401, 'unauthorized'),
    refusal('a password by no link', signIn('new-password', { token, password }), 401, 'unauthorized'),
    refusal('an address by no link', signIn('verify-email', { token }), 401, 'unauthorized'),
    refusal('a forgotten password', signIn('forgot', { name: 'bob' }), 403, 'forbidden'),
  ]
}

export const unrecorded: Scenario = {
  name: 'unrecorded',
  about: 'Members and owners of buckets, sessions, and what says how the server is.',
  steps: [
    step(
      'a name and password that setup takes',
      {
        ...{ method: 'POST', path: '/api/v2/setup/check' },
        json: { username: 'ada', password: 'a horse that reads' },
      },
      DONE,
    ),
    setup,
    {
      name: 'create bob',
      request: { method: 'POST', path: '/api/v2/users', headers: OPERATOR, json: { name: 'bob' } },
      save: { bob: '/id' },
      expect: { status: 201, headers: JSON_TYPE, body: BOB },
    },
    ...joinAndLeave('/api/v2/buckets/{{bucket}}/members', 'member'),
    ...joinAndLeave('/api/v2/buckets/{{bucket}}/owners', 'owner'),
    ...joinAndLeave('/api/v2/orgs/{{org}}/owners', 'owner', [{ role: 'owner', ...ADA }]),
    ...changeRole('/api/v2/orgs/{{org}}'),
    ...changeRole('/api/v2/buckets/{{bucket}}'),
    ...own,
    ...refusals,
    ...legacy,
    ...secondFactors(),
    ...identities(),
    ...selfService(),
    ...providers(),
    ...commandLines(),
    get('/api/v2/flags', {}),
    get('/api/v2/features', {
      ...{ rememberSeconds: 2_592_000, passwordPolicy: 'common', deployment: 'oss' },
      ...{ mail: false, invitations: 'owners', providers: [], passwordForm: 'shown', passkeySignIn: false },
    }),
    get('/api/v2/users/{{bob}}/grants', '{{any}}'),
    get('/api/v2/overview', '{{any}}'),
    get('/api/v2/sessions', '{{any}}'),
    get('/api/v2/users/{{bob}}/traffic', '{{any}}'),
    get('/api/v2/authorizations/{{rotated}}/traffic', '{{any}}'),
    get('/api/v2/users?search=B&count=true', { links: { self: '/api/v2/users' }, users: [BOB], total: 1 }),
    get('/api/v2/resources', [
      ...['authorizations', 'buckets', 'dashboards', 'orgs', 'sources', 'tasks', 'telegrafs', 'users'],
      ...['variables', 'scrapers', 'secrets', 'labels', 'views', 'documents', 'notificationRules'],
      ...['notificationEndpoints', 'checks', 'dbrp', 'notebooks', 'annotations', 'remotes'],
      ...['replications', 'instance'],
    ]),
    get('/ready', { status: 'ready', started: '{{time}}', up: '{{any}}' }),
    get('/health', {
      name: 'influxdb',
      status: 'pass',
      message: 'healthy',
      checks: [{ name: 'store', status: 'pass' }],
      version: '{{any}}',
      commit: '{{any}}',
    }),
    step(
      'metrics',
      { method: 'GET', path: '/metrics' },
      {
        status: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: '{{any}}',
      },
    ),
  ],
}
