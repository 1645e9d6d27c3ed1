import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { suite, test } from 'node:test'
import { createLogger } from './logger.ts'

function setUp(options: { level?: 'debug' | 'info' | 'error'; format?: 'auto' | 'json' | 'pretty' } = {}) {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  const { level = 'info', format = 'json' } = options
  const log = createLogger({ level, format, stream, isTerminal: false })
  return { log, text: () => written.join('') }
}

suite('the log', () => {
  test('what is below the level is not written', () => {
    const { log, text } = setUp({ level: 'error' })
    log.debug('debug')
    log.info('info')
    log.warn('warn')
    assert.equal(text(), '')
    log.error('error')
    assert.match(text(), /"msg":"error"/)
    assert.deepEqual([log.debugEnabled, setUp({ level: 'debug' }).log.debugEnabled], [false, true])
  })

  test('a line is one JSON object: the level by name, the time in UTC, the fields, nothing of the machine', () => {
    const { log, text } = setUp()
    log.warn('something', { userID: 'a', count: 1, none: undefined })
    const { time, ...rest } = JSON.parse(text())
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(rest, { level: 'warn', userID: 'a', count: 1, msg: 'something' })
  })

  const forged = 'a\r\n[03:04:05] INFO: forged\u001b[2J\u0007\u009b2J\u202e\u200b'

  for (const format of ['json', 'pretty'] as const) {
    test(`what a client wrote stays within its field and moves no cursor (${format})`, () => {
      const { log, text } = setUp({ format })
      log.info('sign-in refused', { userAgent: forged, nested: { name: forged } })
      const lines = text().split('\n')
      assert.equal(lines.filter((line) => line.includes('INFO: forged')).length, format === 'json' ? 1 : 2)
      assert.ok(!lines.some((line) => line.startsWith('[03:04:05] INFO: forged')))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
      assert.doesNotMatch(text(), /[\u0000-\u0009\u000b-\u001f\u0080-\u009f\u202e\u200b]/)
    })
  }

  test('away from a terminal the format is JSON, and for people where that is asked for', () => {
    const auto = setUp({ format: 'auto' })
    auto.log.info('hello')
    assert.equal(JSON.parse(auto.text()).msg, 'hello')
    const pretty = setUp({ format: 'pretty' })
    pretty.log.info('hello', { a: 1 })
    assert.match(pretty.text(), /^\[\d\d:\d\d:\d\d\] INFO: hello\n {4}a: 1\n$/)
  })
})
