/** What a row of refusals takes at most, on which the worst case in docs/security.md rests. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { rowsOf } from '../../domain/audit/refusal-rows.ts'
import { createIDGenerator, type ID } from '../../domain/base/id.ts'
import type { AuditEvent } from '../../domain/records/audit-event.ts'
import { openSqliteStore } from './open.ts'

const ROWS = 4000
const MOST_BYTES = 4500

test(`a row of refusals takes less than ${MOST_BYTES} bytes, indexes included, however long the names are`, async () => {
  const path = join(temporaryFolder(), 'data.sqlite')
  const store = await openSqliteStore(path)
  const ids = createIDGenerator({ now: Date.now, node: 7 })
  const next = (): ID => ids.next()
  const event = (): AuditEvent => {
    const name = '名'.repeat(10_000)
    const [{ about }] = rowsOf({
      ...{ event: 'password.change', outcome: 'throttled' },
      actor: {
        ...{ userID: next(), userName: name, sessionID: next(), authorizationID: next() },
        ...{ authorizationDescription: name, authorizationOrgID: next() },
      },
      target: {
        ...{ type: 'bucket', id: next(), name, orgID: next(), orgName: name, userID: next(), userName: name },
      },
      // As http/app.ts cuts it, in characters that take two bytes.
      ...{ address: '2001:db8:aaaa:bbbb::1', userAgent: 'é'.repeat(256), requestId: 'abcdefgh-abcdef' },
    })
    return { ...about, id: next(), time: new Date().toISOString(), count: 1_000_000 }
  }
  await store.transaction(({ audit }) => audit.append(Array.from({ length: ROWS }, event)))
  await store.close()
  const bytes = statSync(path).size / ROWS
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`)
})
