/** The console's types for the API are generated from the OpenAPI document. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeApiTypes } from '../../scripts/api-types.ts'
import { send } from '../support/http.ts'
import { startServer } from '../support/server.ts'

/** Ignores formatting. */
const bare = (text: string) => text.replaceAll(/\/\/.*/g, '').replaceAll(/[\s;'|()]/g, '')

test('console/src/api/schema.ts matches the document', async () => {
  const server = await startServer()
  try {
    const { json } = await send(server.url, { method: 'GET', path: '/api/v2/openapi.json' })
    const written = readFileSync(join(import.meta.dirname, '../../console/src/api/schema.ts'), 'utf8')
    assert.ok(bare(written) === bare(writeApiTypes(json)), 'it is out of date; run `npm run api`')
  } finally {
    await server.stop()
  }
})
