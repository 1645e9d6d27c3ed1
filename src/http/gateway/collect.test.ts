import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { suite, test } from 'node:test'
import { collect } from './collect.ts'
import type { AnswerReader, UpstreamRequest } from './transport.ts'

const REQUEST: UpstreamRequest = {
  ...{ method: 'GET', target: '/x', headers: [], body: undefined, timeoutMs: 1000 },
}

function setUp({ isGone = false, left = 10 } = {}) {
  const client = Object.assign(new EventEmitter(), { destroyed: isGone }) as unknown as ServerResponse
  const started = Promise.withResolvers<AnswerReader>()
  let aborts = 0
  const budget = { left }
  const answer = collect(
    {
      send(_, reader) {
        started.resolve(reader)
        reader.onStart({
          ...{ pause() {}, resume() {} },
          abort() {
            aborts += 1
            reader.onFailure({ kind: 'aborted', cause: new Error('aborted') })
          },
        })
      },
    },
    REQUEST,
    { client, budget, tooMuch: 'ask for less' },
  )
  answer.catch(() => undefined)
  return { client, answer, budget, reader: started.promise, aborts: () => aborts }
}

suite('an answer that is read whole', () => {
  test('has its status, headers and body, and takes from the budget', async () => {
    const { reader, answer, budget, client } = setUp()
    const { onHead, onData, onEnd } = await reader
    onHead(200, ['a', 'b'], 'OK')
    onData(Buffer.from('abc'))
    onData(Buffer.from('de'))
    onEnd()
    const whole = { status: 200, headers: ['a', 'b'], message: 'OK', body: Buffer.from('abcde') }
    assert.deepEqual(await answer, whole)
    assert.equal(budget.left, 5)
    assert.equal(client.listenerCount('close'), 0)
  })

  test('is refused and not read further if it is larger than the budget', async () => {
    const { reader, answer, aborts } = setUp()
    const { onHead, onData } = await reader
    onHead(200, [], '')
    onData(Buffer.alloc(11))
    await assert.rejects(answer, { code: 'invalid', message: 'ask for less' })
    assert.equal(aborts(), 1)
  })

  test('ends with the client', async () => {
    const { client, reader, answer, aborts } = setUp()
    await reader
    client.emit('close')
    await assert.rejects(answer, { code: 'unavailable' })
    assert.equal(aborts(), 1)
    await assert.rejects(setUp({ isGone: true }).answer, { code: 'unavailable' })
  })
})
