import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type ArrivalOptions, arrivalOf } from '../../../../test/support/arrival.ts'
import { refused } from '../../../../test/support/refused.ts'
import { callerWith } from '../../../../test/support/world.ts'
import { compilePermissions } from '../../../domain/access/permission-set.ts'
import type { Caller } from '../../../domain/access/principal.ts'
import type { ID } from '../../../domain/base/id.ts'
import { judgeLegacyQuery, judgeLegacyWrite } from './legacy.ts'

const ORG = '00000000000000a1' as ID
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const session = callerWith(compilePermissions([]))
const caller: Caller = { ...session, principal: { ...session.principal, authorizationOrgID: ORG } }

const write = (query: string, options: ArrivalOptions = { body: 'm v=1' }) =>
  judgeLegacyWrite(arrivalOf(caller, 'POST', `/write?${query}`, options))
const query = (method: string, text: string, options: ArrivalOptions = {}) =>
  judgeLegacyQuery(arrivalOf(caller, method, `/query?${text}`, options))
const post = (text: string, form: string) => query('POST', text, { headers: FORM, body: form })

suite('a write to the 1.x API', () => {
  test('goes with its documented parameters alone, and without credentials', async () => {
    assert.deepEqual(
      await write('db=d1&rp=x&precision=ns&consistency=any&u=ada&p=secret&org=o&bucket=b&x=y'),
      {
        ...{ orgID: ORG, target: '/write?db=d1&rp=x&precision=ns&consistency=any', body: 'as-sent' },
        database: 'd1/x',
      },
    )
    assert.equal((await write('db=d1', {})).body, undefined)
  })

  test('is for tokens, which have an organization', () =>
    assert.rejects(judgeLegacyWrite(arrivalOf(session, 'POST', '/write?db=d1')), {
      reason: 'no-credentials',
    }))

  test('is refused with an unknown coding', () =>
    refused(
      () => write('db=d1', { body: 'x', headers: { 'content-encoding': 'zstd' } }),
      'unsupported media type',
    ))
})

suite('a query to the 1.x API', () => {
  test('by GET goes with its documented parameters alone, and without its body', async () => {
    const { body, target, statement } = await query(
      'GET',
      'db=d1&q=SELECT+*&u=a&p=b&chunked=true&org=o&x=y',
      {
        body: 'q=DROP',
      },
    )
    assert.equal(body, undefined)
    assert.equal(target, '/query?db=d1&q=SELECT%20*&chunked=true')
    assert.equal(statement, 'SELECT *')
  })

  test('by POST without a body goes as its query says', async () => {
    const { body, target } = await query('POST', 'db=d1&q=SELECT')
    assert.deepEqual([body, target], [undefined, '/query?db=d1&q=SELECT'])
  })

  test('by form goes as one form, whichever place each parameter had', async () => {
    const outgoing = await post('db=d1&epoch=ns&u=a&p=b', 'q=SELECT+1&db=d1&u=ada&p=secret&params=%7B%7D&x=y')
    assert.equal(outgoing.target, '/query')
    assert.equal(String(outgoing.body), 'epoch=ns&q=SELECT%201&db=d1&params=%7B%7D')
    assert.equal(outgoing.contentType, FORM['content-type'])
    assert.equal(outgoing.statement, 'SELECT 1')
  })

  test('by form in UTF-8 without escapes, as curl sends it, arrives as it was meant', async () => {
    const { body, statement } = await post('', 'db=d1&q=SELECT "größe"')
    assert.equal(statement, 'SELECT "größe"')
    assert.equal(new URLSearchParams(String(body)).get('q'), 'SELECT "größe"')
  })

  test('is refused where query and form differ: InfluxDB takes the form', async () => {
    await refused(() => post('db=d1', 'db=d2&q=S'), 'invalid', /^db is in the query and in the form/)
    await refused(() => post('q=S', 'q=T'), 'invalid', /^q is in/)
    await refused(() => post('db=d1', 'db=&q=S'), 'invalid')
  })

  test('is refused where a form has a parameter twice, or cannot be read in one way', async () => {
    await refused(() => post('', 'db=a&db=b'), 'invalid', /twice/)
    await refused(() => post('', 'db=a;q=b'), 'invalid', /^the form/)
    await refused(() => post('', 'q=%zz'), 'invalid', /^the form/)
  })

  test('as a text of InfluxQL goes as it is', async () => {
    const headers = { 'content-type': 'Application/vnd.InfluxQL; charset=utf-8' }
    const outgoing = await query('POST', 'db=d1&u=a&p=b', { headers, body: 'SELECT 1' })
    assert.deepEqual(
      [outgoing.target, String(outgoing.body), outgoing.contentType, outgoing.statement],
      ['/query?db=d1', 'SELECT 1', 'application/vnd.influxql', 'SELECT 1'],
    )
    await refused(
      () => query('POST', 'db=d1&q=SELECT+2', { headers, body: 'SELECT 1' }),
      'invalid',
      /^q is in/,
    )
  })

  test('in a multipart form is refused: InfluxDB would read a file of its own', async () => {
    for (const type of ['multipart/form-data; boundary=x', 'application/json', 'text/plain', '']) {
      const headers = { 'content-type': type }
      await refused(
        () => query('POST', 'db=d1&q=S', { headers, body: '--x\r\n' }),
        'unsupported media type',
        /^send the query as/,
      )
    }
    await refused(
      () => query('POST', '', { headers: { ...FORM, 'content-encoding': 'gzip' }, body: 'x' }),
      'unsupported media type',
    )
  })

  test('is for tokens, which have an organization', () =>
    assert.rejects(judgeLegacyQuery(arrivalOf(session, 'GET', '/query?db=d1')), { reason: 'no-credentials' }))
})
