/** Raw bytes that no normal client sends: refused or disconnected, without any forged effect. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { basic, bearer, get, PASSWORD, post, setUpServer, signIn } from '../process/api.ts'
import { type RunningServer, startSluice } from '../process/sluice.ts'
import { temporaryFolder } from '../support/folder.ts'

const ESC = '\u001b'
let server: RunningServer
let token: string
let cookie: string
const auditLog = join(temporaryFolder(), 'audit.jsonl')

before(async (t) => {
  const flags = ['--store', 'memory', '--audit-log', auditLog, '--guess-address-limit', '1000']
  server = await startSluice(t as never, flags)
  token = (await setUpServer(server.url)).token
  cookie = (await signIn(server.url)).cookie.cookie
})
after(() => server.stop())

/** Sends raw bytes and closes; returns the whole response, empty if there is none. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.setTimeout(10_000, () => socket.destroy())
  socket.end(Buffer.from(bytes, 'latin1'))
  return text(socket).catch(() => '')
}

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const me = (...lines: string[]) => head('GET /api/v2/me HTTP/1.1', 'Host: x', ...lines, 'Connection: close')

function cases(): Record<string, string> {
  const auth = `Authorization: Token ${token}`
  const signin = (value: string) =>
    head(
      'POST /api/v2/signin HTTP/1.1',
      'Host: x',
      `Authorization: ${value}`,
      'Content-Length: 0',
      'Connection: close',
    )
  const encoded = (value: string) => Buffer.from(value, 'latin1').toString('base64')
  return {
    'a NUL in a header': me(`Authorization: Token ${token}\0`),
    'a NUL in the path': head('GET /api/v2/\0me HTTP/1.1', 'Host: x', auth),
    'an encoded NUL': head('GET /api/v2/users/%00 HTTP/1.1', 'Host: x', auth, 'Connection: close'),
    'a lone CR': me('X: a\rAuthorization: Token y'),
    'a lone LF': `GET /api/v2/me HTTP/1.1\nHost: x\nAuthorization: Token y\n\n`,
    'a header split by CR LF': me('User-Agent: a\r\n{"level":"error","msg":"forged"}'),
    'malformed base64': signin('Basic !!!!'),
    'base64 without its padding': signin('Basic YWRhOmI'),
    'base64 with a NUL name': signin(`Basic ${encoded('ada\0:x')}`),
    'base64 of malformed UTF-8': signin(`Basic ${encoded('\xff\xfe:x')}`),
    'base64 without a colon': signin(`Basic ${encoded('ada')}`),
    'nothing after Basic': signin('Basic '),
    'a long password': signin(`Basic ${encoded(`ada:${'x'.repeat(8000)}`)}`),
    'a length with chunks': head(
      'POST /api/v2/users HTTP/1.1',
      'Host: x',
      auth,
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
    ),
    'two lengths': head(
      'POST /api/v2/users HTTP/1.1',
      'Host: x',
      auth,
      'Content-Length: 5',
      'Content-Length: 6',
    ),
    'a negative length': head('POST /api/v2/users HTTP/1.1', 'Host: x', auth, 'Content-Length: -1'),
    'an unknown transfer coding': head(
      'POST /api/v2/users HTTP/1.1',
      'Host: x',
      auth,
      'Transfer-Encoding: xchunked',
    ),
    'malformed chunks': `${head('POST /api/v2/users HTTP/1.1', 'Host: x', auth, 'Transfer-Encoding: chunked')}zz\r\n`,
    'a megabyte of headers': me(`X: ${'x'.repeat(2 ** 20)}`),
    'a megabyte of small headers': me(
      ...Array.from({ length: 30_000 }, (_, index) => `X-${index}: ${'y'.repeat(26)}`),
    ),
    'a megabyte of cookies': me(`Cookie: ${'a=b; '.repeat(200_000)}`),
    'two tokens': me(auth, auth),
    'two hosts': head('GET /api/v2/me HTTP/1.1', 'Host: x', 'Host: y', 'Connection: close'),
    'no host': head('GET /api/v2/me HTTP/1.1', auth, 'Connection: close'),
    'a space before the colon': me(`Authorization : Token ${token}`),
    'a path that cannot be decoded': head(
      'GET /api/v2/users/%ff%zz HTTP/1.1',
      'Host: x',
      auth,
      'Connection: close',
    ),
    'a path out of the root': head('GET /../../etc/passwd HTTP/1.1', 'Host: x', 'Connection: close'),
    'HTTP/2 in plain text': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'the start of TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  }
}

test('they are answered with 4xx or not at all', async () => {
  for (const [name, bytes] of Object.entries(cases())) {
    const answer = await raw(bytes)
    if (answer !== '') assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${name}: ${answer.slice(0, 200)}`)
    assert.equal(answer.match(/^HTTP\/1\.1 /gm)?.length ?? 0, answer === '' ? 0 : 1, name)
    assert.ok(!answer.includes('forged') && !answer.includes(token), name)
  }
  assert.equal((await get(server.url, '/api/v2/me', bearer(token))).status, 200)
})

test('a second request hidden in the body of the first is not executed', async () => {
  const hidden = 'DELETE /api/v2/sessions HTTP/1.1\r\nHost: x\r\n\r\n'
  const bytes = [
    'POST /api/v2/users HTTP/1.1',
    'Host: x',
    `Authorization: Token ${token}`,
    `Content-Length: ${hidden.length}`,
    'Connection: close',
  ]
  const answer = await raw(head(...bytes) + hidden)
  assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1)
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.equal((await get(server.url, '/api/v2/me', { cookie })).status, 200)
})

test('no name can forge a log line, and no secret is logged', async () => {
  const forged = '{"level":"info","event":"forged"}'
  const separators = ['\n', '\r\n', '\u0085', '\u2028', '\u2029', '\0', `${ESC}[2K\r`, '\u009b2K']
  for (const [index, separator] of separators.entries()) {
    const name = `eve ${index}${separator}${forged}`
    const made = await post(server.url, '/api/v2/users', bearer(token), { name })
    assert.equal(made.status, 201, made.text)
    await post(server.url, '/api/v2/orgs', bearer(token), { name })
    await post(server.url, '/api/v2/signin', basic(name, PASSWORD))
  }
  await get(server.url, '/api/v2/me', { ...bearer('canary token'), 'user-agent': `\t${forged}` })
  await post(server.url, '/api/v2/signin', basic('canary password', 'canary password'))
  // Batched events are written when the log is read.
  const audit = await get(server.url, '/api/v2/audit?limit=100', bearer(token))
  const file = readFileSync(auditLog, 'utf8')
  for (const line of file.trimEnd().split('\n')) {
    const event = JSON.parse(line)
    assert.ok(event.id && event.event !== 'forged', line)
  }
  for (const line of server.output().trimEnd().split('\n')) assert.ok(!line.startsWith(forged), line)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  assert.doesNotMatch(file, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/)
  const key = cookie.split('=')[1] ?? ''
  for (const secret of [PASSWORD, token, key, 'canary', Buffer.from(`ada:${PASSWORD}`).toString('base64')]) {
    for (const place of [file, audit.text, server.output()]) assert.ok(!place.includes(secret), secret)
  }
  assert.doesNotMatch(file + audit.text, /argon2|influxdb2-sha256/)
})
