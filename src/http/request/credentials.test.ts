import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readBasic, readSessionKeys, readToken, withoutCookie } from './credentials.ts'

/** What Node hands on as a header: any bytes, one character each. */
const headers = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const anyText = fc.uint16Array({ maxLength: 40 }).map((units) => String.fromCharCode(...units))
const pieces = (...texts: string[]) =>
  fc.array(fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 4 })), { maxLength: 8 })

suite('Basic credentials', () => {
  const basic = (bytes: Uint8Array) => `Basic ${Buffer.from(bytes).toString('base64')}`

  test('any name and any password in UTF-8 come out as they went in', () => {
    const names = fc.string({ unit: 'grapheme' }).filter((name) => !name.includes(':'))
    const texts = fc.oneof(names, fc.constantFrom('', ' ', 'é', '🙂', '\ufeffada', 'a\nb', 'Ã¶'))
    fc.assert(
      fc.property(texts, fc.string({ unit: 'grapheme' }), (name, password) => {
        const read = readBasic(basic(Buffer.from(`${name}:${password}`)))
        assert.equal(read?.name, name)
        assert.deepEqual([...(read?.password ?? [])], [...Buffer.from(password)])
      }),
    )
  })

  test('in ISO 8859-1, as btoa sends it, name and password are the same as in UTF-8', () => {
    const latin1 = (text: string) => basic(Buffer.from(text, 'latin1'))
    const texts = [
      'jörg:BrandAusgelöst9',
      'jörg:plain',
      'plain:ÿ',
      'plain:é:ñ',
      '\u0080\u00ff:\u0080',
      'ß:',
      ':ß',
    ]
    for (const text of texts) {
      assert.deepEqual(readBasic(latin1(text)), readBasic(basic(Buffer.from(text))), text)
    }
  })

  test('of any bytes: the name up to the first colon, the password all the rest, in one encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = readBasic(basic(bytes))
        const sent = Buffer.from(bytes)
        const isUtf8 = Buffer.from(sent.toString('utf8')).equals(sent)
        const text = sent.toString(isUtf8 ? 'utf8' : 'latin1')
        const colon = text.indexOf(':')
        if (colon < 0) {
          assert.equal(read, undefined)
          return
        }
        assert.equal(read?.name, text.slice(0, colon))
        assert.deepEqual([...(read?.password ?? [])], [...Buffer.from(text.slice(colon + 1))])
      }),
    )
  })

  test('of any header nothing is thrown, and nothing is read but what is standard base64', () => {
    const almost = pieces('Basic ', 'basic ', 'YTpi', '=', '-', '_', ' ').map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(headers, anyText, almost), (header) => {
        const encoded = /^basic (.*)$/is.exec(header)?.[1] ?? ''
        const bytes = Buffer.from(encoded, 'base64')
        const isBase64 = encoded !== '' && isAlphabet(encoded) && encoded.length % 4 === 0
        assert.equal(readBasic(header) !== undefined, isBase64 && bytes.includes(0x3a), header)
      }),
      { numRuns: 500 },
    )
  })

  function isAlphabet(text: string): boolean {
    return /^[A-Za-z0-9+/]+={0,2}$/.test(text)
  }

  test('no header, another scheme, no padding, the URL-safe alphabet, text around it: nothing', () => {
    for (const header of [
      undefined,
      '',
      'Basic',
      'Basic ',
      'BasicYTpi',
      'Basic  YTpi',
      'Basic YTpi ',
      'Basic YTpi,YTpi',
      'Basic YTo',
      'Basic _-8_Og==',
      'Basic YTpi\n',
      'Bearer YTpi',
    ]) {
      assert.equal(readBasic(header), undefined, String(header))
    }
    assert.equal(readBasic('bASIC YTpi')?.name, 'a')
  })
})

suite('tokens', () => {
  test('of any header: what follows the scheme and one space, else nothing', () => {
    const almost = pieces('Token ', 'token', 'Bearer ', 'BEARER', ' ', 'x').map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(headers, anyText, almost), (header) => {
        const lower = header.toLowerCase()
        const scheme = ['token ', 'bearer '].find((each) => lower.startsWith(each))
        assert.equal(readToken(header), scheme && header.slice(scheme.length))
      }),
      { numRuns: 500 },
    )
  })

  test('the scheme in any case, one space, the rest as it is', () => {
    const read = { 'Token a b': 'a b', 'bEARER x': 'x', 'Token ': '', 'Token  x': ' x', 'token x ': 'x ' }
    for (const [header, token] of Object.entries(read)) assert.equal(readToken(header), token)
    for (const header of [undefined, '', 'Token', 'Tokenx', ' Token x', 'Basic x']) {
      assert.equal(readToken(header), undefined, String(header))
    }
  })
})

suite('cookies', () => {
  const NAME = 'influxdb-oss-session'

  /** RFC 6265, 5.4, as plainly as can be: split, trim, compare, unquote, check. */
  function model(header: string): string[] {
    const trim = (text: string) => text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '')
    const values = header
      .split(';')
      .map(trim)
      .filter((pair) => pair.startsWith(`${NAME}=`))
      .map((pair) => pair.slice(NAME.length + 1))
      .map((value) => (/^".*"$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value))
      .filter((value) => value !== '')
      .filter((value) => [...value].every((each) => each >= ' ' && each <= '~' && !'";\\'.includes(each)))
    return [...new Set(values)]
  }

  test('of any header: all that have a value, as the plain rule says', () => {
    const almost = pieces(
      `${NAME}=`,
      NAME,
      '=',
      ';',
      '; ',
      ' ',
      '\t',
      '"',
      '\\',
      '\u00a0',
      'é',
      'KEY==',
      'x=1',
    )
    const texts = almost.map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof({ weight: 1, arbitrary: headers }, { weight: 9, arbitrary: texts }), (header) => {
        assert.deepEqual(readSessionKeys(header, NAME), model(header), JSON.stringify(header))
      }),
      { numRuns: 3000 },
    )
    fc.assert(
      fc.property(fc.oneof({ weight: 1, arbitrary: headers }, { weight: 9, arbitrary: texts }), (header) => {
        const rest = withoutCookie(header, NAME)
        assert.deepEqual(readSessionKeys(rest, NAME), [], JSON.stringify(header))
        assert.deepEqual(readSessionKeys(rest, 'x'), readSessionKeys(header, 'x'), JSON.stringify(header))
      }),
      { numRuns: 3000 },
    )
  })

  test('taken out, they leave the others as they were sent', () => {
    const left = {
      [`a=1; ${NAME}=KEY; b="2"; c`]: 'a=1; b="2"; c',
      [`${NAME}=KEY; b=2`]: 'b=2',
      [`a=1;${NAME}=KEY`]: 'a=1',
      [`${NAME}=KEY;\t${NAME}=OTHER`]: '',
      [`x${NAME}=1; ${NAME}x=2`]: `x${NAME}=1; ${NAME}x=2`,
    }
    for (const [header, others] of Object.entries(left)) {
      assert.equal(withoutCookie(header, NAME), others, header)
    }
    assert.equal(withoutCookie(undefined, NAME), '')
  })

  test('are found among others, without their quotes, each once and in their order', () => {
    const found = {
      [`${NAME}=KEY==`]: ['KEY=='],
      [`a=b; ${NAME}=KEY; c=d`]: ['KEY'],
      [`a=b;${NAME}="KEY"`]: ['KEY'],
      [`${NAME}=first; ${NAME}=second; ${NAME}=first`]: ['first', 'second'],
      [`${NAME}=fi\\rst; ${NAME}=second`]: ['second'],
      [`${NAME}=; ${NAME}=second; ${NAME}=""`]: ['second'],
      [`${NAME}=a b`]: ['a b'],
    }
    for (const [header, keys] of Object.entries(found)) {
      assert.deepEqual(readSessionKeys(header, NAME), keys, header)
    }
  })

  test('of hundreds no more are read than are refused', () => {
    const header = Array.from({ length: 500 }, (_, index) => `${NAME}=${index}`).join('; ')
    assert.equal(readSessionKeys(header, NAME).length, 11)
  })

  test('another name, no name, no value: nothing', () => {
    for (const header of [
      undefined,
      '',
      NAME,
      `x${NAME}=KEY`,
      `${NAME}x=KEY`,
      `${NAME} =KEY`,
      '=KEY',
      `${NAME}=`,
      `${NAME}=""`,
      ';;;',
    ]) {
      assert.deepEqual(readSessionKeys(header, NAME), [], String(header))
    }
  })
})
