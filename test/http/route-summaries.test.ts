/** Every refused operation makes a sentence of the audit log that can be read aloud. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentenceOf } from '../../src/domain/audit/audit-sentence.ts'
import { actIn } from '../../src/http/api/frame/route-summaries.ts'
import { send } from '../support/http.ts'
import { startServer } from '../support/server.ts'

/** What a summary may begin with, so that "nora tried to" can stand before it. */
const VERBS = new Set(
  [
    'accept add ask begin change check come create delete disable enable end enrol get give go hear invite link list look make',
    'mend pass read refuse release remove rename replace retrieve revoke see set sign switch unlink verify',
  ]
    .join(' ')
    .split(' '),
)
/** Conditions of the document, which are about the reader of the document rather than about who was refused. */
const ELSEWHERE =
  /\bcaller\b|\bone's\b|\bown\b(?<!their own)|,|[:;(]|\bfor (?:an? )?operators?\b|\buser\b.*\bits\b/

test('every operation is said as what somebody tried to do', async () => {
  const server = await startServer()
  try {
    const { json } = await send(server.url, { method: 'GET', path: '/api/v2/openapi.json' })
    const operations = Object.values<Record<string, { operationId?: string; summary?: string }>>(json.paths)
      .flatMap((path) => Object.values(path))
      .filter(({ operationId }) => operationId !== undefined)
    assert.ok(operations.length > 100)
    const odd: string[] = []
    for (const { operationId: name, summary = '' } of operations) {
      const said = sentenceOf({
        ...{ event: 'access', outcome: 'refused', actor: { userName: 'nora' }, userAgent: '' },
        target: { type: 'route', name, summary: actIn(summary), orgID: 'c1', orgName: 'org-4' },
      })
        .map((part) => (typeof part === 'string' ? part : part.text))
        .join('')
      const act = /^nora tried to (?<act>.+) in org-4 and was refused$/.exec(said)?.groups?.act ?? ''
      if (!VERBS.has(act.split(' ')[0] ?? '') || ELSEWHERE.test(act)) odd.push(`${name}: ${said}`)
    }
    assert.deepEqual(odd, [])
  } finally {
    await server.stop()
  }
})
