import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { createProgressBar } from './progress-bar.ts'

function written(isTTY: boolean, use: (bar: ReturnType<typeof createProgressBar>) => void): string {
  const stream = Object.assign(new PassThrough(), { isTTY })
  use(createProgressBar(stream as never))
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
  return text
}

test('without a terminal only lines are printed', () => {
  const text = written(false, (bar) => {
    bar.show(1, 2)
    bar.line('users: 2 rows')
    bar.show(2, 2)
    bar.clear()
  })
  assert.equal(text, 'users: 2 rows\n')
})

test('on a terminal the bar is drawn below the lines, and ends full', () => {
  const text = written(true, (bar) => {
    bar.show(1, 4)
    bar.line('users: 2 rows')
    bar.show(4, 4)
    bar.clear()
  })
  const [quarter, whole] = [`${'#'.repeat(10)}${' '.repeat(30)}`, '#'.repeat(40)]
  const clear = '\r\x1b[K'
  assert.equal(
    text,
    `\r[${quarter}] 25 %${clear}users: 2 rows\n\r[${quarter}] 25 %\r[${whole}] 100 %${clear}`,
  )
})

test('with nothing to do the bar is full', () => {
  assert.match(
    written(true, (bar) => bar.show(0, 0)),
    / 100 %$/,
  )
})
