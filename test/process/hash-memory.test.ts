import assert from 'node:assert/strict'
import { test } from 'node:test'
import { residentMiB } from '../support/process-memory.ts'
import { basic, PASSWORD, post, setUpServer } from './api.ts'
import { startSluice } from './sluice.ts'

const isGlibc =
  process.platform === 'linux' &&
  'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header

test('passwords that were hashed leave no memory behind', { skip: !isGlibc && 'needs glibc' }, async (t) => {
  const server = await startSluice(t, ['--store', 'memory'])
  await setUpServer(server.url)
  const pid = server.child.pid as number
  const before = residentMiB(pid)
  for (let count = 0; count < 40; count += 1) {
    assert.equal((await post(server.url, '/api/v2/signin', basic('ada', PASSWORD))).status, 204)
  }
  const more = residentMiB(pid) - before
  // Of 19 MiB that each hash takes, each thread kept some.
  assert.ok(more < 40, `${more} MiB more`)
})
