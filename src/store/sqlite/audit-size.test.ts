/** What rows take at most, on which the worst cases in docs/security.md rest. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { rowsOf } from '../../domain/audit/refusal-rows.ts'
import { beginningOf } from '../../domain/audit/statement.ts'
import { createIDGenerator, type ID } from '../../domain/base/id.ts'
import type { AuditEvent } from '../../domain/records/audit-event.ts'
import { openSqliteStore } from './open.ts'

const ROWS = 4000
const MOST_BYTES = 4500
const MOST_BYTES_OF_QUERY = 5500

/** The bytes of each of many such rows, indexes included. */
async function bytesOf(makeEvent: (next: () => ID) => AuditEvent): Promise<number> {
  const path = join(temporaryFolder(), 'data.sqlite')
  const store = await openSqliteStore(path)
  const ids = createIDGenerator({ now: Date.now, node: 7 })
  const events = Array.from({ length: ROWS }, () => makeEvent(() => ids.next()))
  await store.transaction(({ audit }) => audit.append(events))
  await store.close()
  return statSync(path).size / ROWS
}

test(`a row of refusals takes less than ${MOST_BYTES} bytes, indexes included, however long the names are`, async () => {
  const bytes = await bytesOf((next) => {
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
  })
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`)
})

test(`a row of a query takes less than ${MOST_BYTES_OF_QUERY} bytes with a full text and ordinary names`, async () => {
  const bytes = await bytesOf((next) => ({
    ...{ id: next(), time: new Date().toISOString(), event: 'data.query', outcome: 'success', count: 1 },
    actor: {
      ...{ userID: next(), userName: 'alan.turing', authorizationID: next() },
      ...{ authorizationDescription: 'Grafana, read only', authorizationOrgID: next() },
    },
    target: {
      type: 'organization',
      id: next(),
      name: 'factory-floor',
      orgID: next(),
      orgName: 'factory-floor',
    },
    ...{ address: '192.0.2.1', userAgent: 'influxdb-client-js/1.35.0', requestId: 'abcdefgh-abcdef' },
    ...{ statement: beginningOf('x'.repeat(10_000)), durationMs: 1234, status: 200 },
  }))
  assert.ok(bytes < MOST_BYTES_OF_QUERY, `${bytes} bytes`)
})
