import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type ListAnswer, mergeLists } from './merged-list.ts'
import { queryOf } from './target.ts'

const answer = (body: unknown, status = 200): ListAnswer => ({
  ...{ status, message: '', headers: ['Content-Type', 'application/json'] },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const merged = (answers: readonly ListAnswer[], query = '') =>
  String(mergeLists(answers, queryOf(`/x${query}`)).body)

suite('lists of several organizations', () => {
  test('keep numbers that JavaScript cannot hold', () => {
    const large = '{"labels":[{"id":"2","n":9223372036854775807,"f":1.10}]}'
    const other = '{"labels":[{"id":"1"}]}'
    assert.equal(
      merged([answer(large), answer(other)]),
      '{"labels":[{"id":"1"},{"id":"2","n":9223372036854775807,"f":1.10}]}',
    )
  })

  test('are ordered by id, also if the ids come descending', () => {
    const [one, other] = [answer({ checks: [{ id: 'c' }, { id: 'a' }] }), answer({ checks: [{ id: 'b' }] })]
    assert.equal(merged([one, other], '?descending=true'), '{"checks":[{"id":"c"},{"id":"b"},{"id":"a"}]}')
    assert.equal(merged([other, one], '?sortBy=Name'), '{"checks":[{"id":"a"},{"id":"b"},{"id":"c"}]}')
  })

  test('link to a next page only if this one is full, whatever each answer says', () => {
    const page = (...ids: string[]) =>
      answer({
        links: { self: '/x?descending=false&limit=2&offset=4', next: '/wrong' },
        dashboards: ids.map((id) => ({ id })),
      })
    assert.equal(
      JSON.parse(merged([page('1'), page('2')])).links.next,
      '/x?descending=false&limit=2&offset=6',
    )
    assert.equal(JSON.parse(merged([page('1'), page()])).links.next, undefined)
  })

  test('are refused if one of them is, and passed on unchanged if one is no list', () => {
    const list = answer({ labels: [] })
    const refusal = answer({ code: 'invalid' }, 400)
    assert.equal(mergeLists([list, refusal], []), refusal)
    for (const body of ['', 'no json', 'null', '[]', '{}', '{"a":[],"b":[]}']) {
      const strange = answer(body)
      assert.equal(mergeLists([strange, list], []), strange, body)
    }
  })
})
