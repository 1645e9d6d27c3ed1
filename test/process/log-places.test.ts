/** Logs are written only to the documented places, readable for their owner alone (ASVS 5.0 16.2.3). */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bearer, get, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

test('besides standard output, only the configured files are written', async (t) => {
  const files = ['--sqlite-path', 'data/sluice.sqlite', '--audit-log', 'audit.jsonl', '--log-level', 'debug']
  const server = await startSluice(t, files)
  const { token } = await setUpServer(server.url)
  await signIn(server.url)
  await get(server.url, '/api/v2/users', bearer(token))
  await get(server.url, '/api/v2/users', bearer('nobody has it'))
  // The working directory is also the home directory.
  const written = readdirSync(server.folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const store = join(server.folder, 'data/sluice.sqlite')
  assert.deepEqual(
    written.filter((path) => !path.startsWith(store)),
    [join(server.folder, 'audit.jsonl')],
  )
  for (const path of written) assert.equal(statSync(path).mode & 0o077, 0, path)
})
