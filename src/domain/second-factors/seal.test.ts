import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeal } from './seal.ts'

const sealWith = (...keys: Uint8Array[]) => createSeal(async () => keys)
const [OLD, NEW] = [randomBytes(32), randomBytes(32)]

test('what is sealed opens again, and never looks the same', async () => {
  const seal = sealWith(NEW)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      const sealed = await seal.seal('enrolment', text)
      assert.equal(await seal.open('enrolment', sealed), text)
      assert.notEqual(await seal.seal('enrolment', text), sealed)
    }),
  )
})

test('it opens for its purpose only, with its key only, and not if it was altered', async () => {
  const seal = sealWith(NEW)
  const sealed = await seal.seal('totp-secret', 'the secret')
  assert.ok(!sealed.includes('secret'))
  assert.equal(await seal.open('enrolment', sealed), undefined)
  assert.equal(await sealWith(OLD).open('totp-secret', sealed), undefined)
  const [id = '', body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const altered = Buffer.from(bytes)
    altered[at] = (altered[at] ?? 0) ^ 1
    assert.equal(await seal.open('totp-secret', `${id}.${altered.toString('base64url')}`), undefined)
  }
  for (const text of ['', '.', id, `${id}.`, `${id}.AAAA`, `.${body}`]) {
    assert.equal(await seal.open('totp-secret', text), undefined, text)
  }
})

test('the first key seals, and earlier ones still open', async () => {
  const before = await sealWith(OLD).seal('totp-secret', 'old')
  const rotated = sealWith(NEW, OLD)
  assert.equal(await rotated.open('totp-secret', before), 'old')
  const after = await rotated.seal('totp-secret', 'new')
  assert.equal(await sealWith(NEW).open('totp-secret', after), 'new')
  assert.equal(await sealWith(OLD).open('totp-secret', after), undefined)
})

test('a key that could not be loaded is asked for again', async () => {
  let away = true
  const seal = createSeal(async () => {
    if (away) throw new Error('the database is away')
    return [NEW]
  })
  await assert.rejects(seal.seal('enrolment', 'x'))
  away = false
  assert.equal(await seal.open('enrolment', await seal.seal('enrolment', 'x')), 'x')
})
