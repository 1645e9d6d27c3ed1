import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createFailureReporter } from './failure-reporter.ts'

function setUp() {
  const messages: string[] = []
  let time = 0
  const report = createFailureReporter({
    onError: (message) => messages.push(message),
    now: () => time,
    intervalMs: 1000,
  })
  return { messages, report, wait: (ms: number) => (time += ms) }
}

suite('failure reporter', () => {
  test('a log that throws does not reach the caller', () => {
    const onError = () => assert.fail('the log is full')
    createFailureReporter({ onError, now: () => 0 })('export failed', new Error('refused'))
  })

  test('what another party wrote stays on one line, and short', () => {
    const { messages, report } = setUp()
    report('export failed', new Error(`no\r\nlevel=info\u2028\u001b[2J${'x'.repeat(1000)}`))
    assert.doesNotMatch(messages[0] ?? '', /[\p{Cc}\p{Zl}]/u)
    assert.ok((messages[0] ?? '').length < 400)
  })

  test('an error that says nothing', () => {
    for (const error of [undefined, null, 'text', {}, new Error(''), { message: 1, code: {} }]) {
      const { messages, report } = setUp()
      report('export failed', error)
      assert.deepEqual(messages, ['export failed: unknown failure'])
    }
  })

  test('the first is told at once, the rest once for each interval', () => {
    const { messages, report, wait } = setUp()
    for (let count = 0; count < 5; count++) report('export failed', new Error('refused'))
    wait(999)
    report('export failed', new Error('refused'))
    wait(1)
    report('export failed', new Error('reset'))
    wait(1000)
    report('export failed', new Error('reset'))
    assert.deepEqual(messages, [
      'export failed: refused',
      'export failed: reset (and 5 more since the last report)',
      'export failed: reset',
    ])
  })

  test('the code is named where the message does not', () => {
    const { messages, report, wait } = setUp()
    report('export failed', Object.assign(new Error('Unauthorized'), { code: 401 }))
    wait(1000)
    report('export failed', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))
    wait(1000)
    report('export failed', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
    assert.deepEqual(messages, [
      'export failed: Unauthorized, 401',
      'export failed: ECONNREFUSED',
      'export failed: connect ECONNREFUSED',
    ])
  })
})
