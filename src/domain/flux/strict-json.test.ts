import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { foldKey, parseStrictJson } from './strict-json.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

suite('JSON that can be read in two ways is refused', () => {
  const texts: Readonly<Record<string, string>> = {
    'a key twice': '{"a":1,"a":1}',
    'in another case': '{"query":1,"Query":2}',
    'with a long s': '{"status":1,"\u017ftatus":2}',
    'with a Kelvin sign': '{"k":1,"\u212a":2}',
    'written with an escape': String.raw`{"query":1,"qu\u0065ry":2}`,
    'behind an escaped quote': String.raw`{"a\"":1,"b":{"x":[{"y":1,"y":2}]}}`,
    'behind an array': '{"a":["b","b"],"a":1}',
    'in an array': '[{"a":1},{"a":1,"A":2}]',
    'something behind it': '{"a":1}{"a":2}',
    'a byte-order mark': '\ufeff{}',
    'a comment': '{/* */}',
    'a trailing comma': '{"a":1,}',
    'too deep': `${'['.repeat(1_001)}${']'.repeat(1_001)}`,
    'very deep': `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
    nothing: '',
  }
  for (const [name, text] of Object.entries(texts)) test(name, () => assert.equal(parse(text), undefined))

  test('bytes that are not UTF-8', () => {
    assert.equal(parseStrictJson(Buffer.from([0x22, 0xff, 0x22])), undefined)
    assert.equal(parseStrictJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), undefined)
  })
})

test('the same key in several objects is no fault', () => {
  for (const text of [
    '{"a":{"a":[{"a":1},{"a":"a"}]}}',
    '["a","a"]',
    '{"a":"a","b":"a"}',
    ' {"":1} ',
    '"a"',
  ]) {
    assert.deepEqual(parse(text), { value: JSON.parse(text) })
  }
})

test('whatever JavaScript writes is read back, unless keys are alike', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, indent) => {
      const parsed = parse(JSON.stringify(value, undefined, indent % 3))
      if (hasAlike(value)) assert.equal(parsed, undefined)
      else assert.deepEqual(parsed?.value, JSON.parse(JSON.stringify(value)))
    }),
  )
})

function hasAlike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const keys = Array.isArray(value) ? [] : Object.keys(value).map(foldKey)
  return new Set(keys).size < keys.length || Object.values(value).some(hasAlike)
}
