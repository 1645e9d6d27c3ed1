import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readLegacyCredentials } from './legacy-credentials.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const read = (authorization?: string, parameters: Record<string, string> = {}, cookie?: string) =>
  readLegacyCredentials(
    { ...(authorization === undefined ? {} : { authorization }), ...(cookie ? { cookie } : {}) },
    parameters,
  )

suite('the credentials of the 1.x API', () => {
  test('are u and p, before any header', () => {
    assert.deepEqual(read('Token good', { u: 'ada', p: 'bad' }), { name: 'ada', secret: 'bad' })
    assert.deepEqual(read(undefined, { u: 'ada', p: 'a:b' }), { name: 'ada', secret: 'a:b' })
  })

  test('are those of the header where u or p is missing or empty, as in InfluxDB', () => {
    for (const parameters of [
      { u: 'ada' },
      { p: 'x' },
      { u: '', p: '' },
      { u: 'ada', p: '' },
      { u: '', p: 'x' },
    ]) {
      assert.deepEqual(read('Token good', parameters), { name: undefined, secret: 'good' })
      assert.equal(read(undefined, parameters), undefined)
    }
  })

  test('are a token in a header, by itself or after a name', () => {
    assert.deepEqual(read('Token good'), { name: undefined, secret: 'good' })
    assert.deepEqual(read('token good'), { name: undefined, secret: 'good' })
    assert.deepEqual(read('Bearer good'), { name: undefined, secret: 'good' })
    assert.deepEqual(read('Token ada:good'), { name: undefined, secret: 'good' })
    assert.deepEqual(read('Token ada:a:b'), { name: undefined, secret: 'a:b' })
    assert.deepEqual(read('Token '), { name: undefined, secret: '' })
  })

  test('are name and password of Basic', () => {
    assert.deepEqual(read(basic('ada:good')), { name: 'ada', secret: 'good' })
    assert.deepEqual(read(basic(':good')), { name: '', secret: 'good' })
    assert.deepEqual(read(basic('käthe:pä:ß')), { name: 'käthe', secret: 'pä:ß' })
  })

  test('are none of a cookie, of an unknown scheme or of what cannot be read', () => {
    assert.equal(read(undefined, {}, 'influxdb-oss-session=x'), undefined)
    for (const header of [
      '',
      'Basic',
      'Basic !',
      basic('no colon'),
      'Digest x',
      'Tokengood',
      ' Token good',
    ]) {
      assert.equal(read(header), undefined, header)
    }
  })
})
