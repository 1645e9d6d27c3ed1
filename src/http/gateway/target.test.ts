import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { refused } from '../../../test/support/refused.ts'
import { decisiveIn, plainPath, queryOf, readParameters, targetOf } from './target.ts'

suite('a path', () => {
  test('is taken as it was sent, without a slash at its end', () => {
    for (const [target, path] of [
      ['/write', '/write'],
      ['/write/', '/write'],
      ['/api/v2/write?org=a', '/api/v2/write'],
      ['/api/v2/write/?org=/../a', '/api/v2/write'],
      ['/api/v2/tasks/...', '/api/v2/tasks/...'],
      ['/api/v2/tasks/.a~b_c-D.', '/api/v2/tasks/.a~b_c-D.'],
    ]) {
      assert.equal(plainPath(target as string), path)
    }
  })

  const others = [
    ...['', '/', '//', '?', '*', 'write', '//write', '/api//v2/write', '/api/v2/write//', '/./write'],
    ...['/../write', '/api/v2/..', '/api/v2/../write', '/api/v2/./write', '/api/v2/write/.', '/api/v2/.'],
    ...['/%77rite', '/api/v2/write%2f', '/api/v2/%2e%2e/write', '/api/v2/wr\\ite', '/write;a=b', '/write#'],
    ...['/write#?db=a', 'http://h/write', 'https://h/api/v2/write', '/api/v2/wr ite', '/wr\u0000ite'],
    ...['/writ\u00e9', '/api/v2/write\n', '/write\r', '/a:b', '/a@b', "/a'", '/a+b', '/a&b', '/a=b'],
  ]
  for (const target of others) {
    test(`is not plain: ${JSON.stringify(target)}`, () => assert.equal(plainPath(target), undefined))
  }

  test('that is plain reads the same in a URL', () => {
    const part = fc.string({ unit: fc.constantFrom(...'a/.%2eEfF?#;\\ ~'), maxLength: 12 })
    fc.assert(
      fc.property(part, (text) => {
        const path = plainPath(`/${text}`)
        if (path === undefined) return
        const { pathname } = new URL(`http://h${path}`)
        assert.equal(pathname, path)
        assert.equal(decodeURIComponent(path), path)
      }),
      { numRuns: 5000 },
    )
  })

  test('of a thousand segments is read in no time', () => {
    const start = performance.now()
    assert.equal(plainPath(`${'/a'.repeat(30_000)}/%`), undefined)
    assert.equal(plainPath(`${'/.a.'.repeat(15_000)}\n`), undefined)
    assert.ok(performance.now() - start < 500)
  })
})

suite('parameters', () => {
  test('are decoded once, plus signs too, in their order', () => {
    assert.deepEqual(queryOf('/write?bucket=%62%31&b=a+b%2B&c&=d&e=&&f=%2562&g=a=b'), [
      ...[['bucket', 'b1'] as const, ['b', 'a b+'] as const, ['c', ''] as const, ['', 'd'] as const],
      ...[['e', ''] as const, ['f', '%62'] as const, ['g', 'a=b'] as const],
    ])
    for (const none of ['/write', '/write?', '/write?&', '/write?&&']) assert.deepEqual(queryOf(none), [])
    assert.deepEqual(queryOf('/write?a=?b'), [['a', '?b']])
  })

  test('are those of UTF-8 that was sent without escapes, as curl does', () => {
    const raw = Buffer.from('bucket=käse&q=%C3%A4ä').toString('latin1')
    assert.deepEqual(readParameters(raw, 'the form'), [
      ['bucket', 'käse'],
      ['q', 'ää'],
    ])
  })

  for (const query of ['a;b', 'a=1;b=2', 'a=b#', 'a=#b', '%', 'a=%', 'a=%4', 'a=%zz', 'a=%ff', 'a=%c3%28']) {
    test(`are refused where readers differ: ${query}`, () =>
      refused(() => queryOf(`/write?${query}`), 'invalid', /^the query /))
  }

  test('are refused where a byte is no UTF-8', async () => {
    await refused(() => queryOf('/write?a=\u00e4'), 'invalid')
    await refused(() => queryOf('/write?a=%C3\u0028'), 'invalid')
  })

  test('that decide are refused twice, also if one is empty or spelled with escapes', async () => {
    for (const name of ['org', 'orgID', 'bucket', 'bucketID', 'db', 'rp', 'q', 'u', 'p', 'precision']) {
      const once = decisiveIn(queryOf(`/write?${name}=a&x=1&x=2`))
      assert.equal(once[name], 'a')
      for (const query of [
        `${name}=a&${name}=b`,
        `${name}=a&${name}=a`,
        `${name}=&${name}=a`,
        `${name}&${name}`,
      ]) {
        await refused(
          () => decisiveIn(queryOf(`/write?${query}`)),
          'invalid',
          `${name} is there twice; send it once`,
        )
      }
      const escaped = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
      await refused(() => decisiveIn(queryOf(`/write?${name}=a&${escaped}=b`)), 'invalid')
    }
  })

  test('have names in one case, and none of an object', () => {
    const decisive = decisiveIn(queryOf('/write?Bucket=a&__proto__=b&constructor=c'))
    assert.deepEqual(Object.entries(decisive), [])
    assert.equal(decisive.constructor, undefined)
  })

  test('are written anew so that every reader reads the same', () => {
    const pairs = fc.array(
      fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })),
    )
    fc.assert(
      fc.property(pairs, (parameters) => {
        const target = targetOf('/write', parameters)
        assert.match(target, /^[\x21-\x7e]+$/)
        assert.deepEqual(queryOf(target), parameters)
        assert.deepEqual([...new URL(target, 'http://h').searchParams], parameters)
      }),
    )
    assert.equal(targetOf('/write', []), '/write')
  })
})
