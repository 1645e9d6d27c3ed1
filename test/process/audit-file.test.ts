/** The audit file is a copy of the database's rows: if it fails, nothing else does. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { bearer, get, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

const FULL = '/dev/full'
const FAILS = 'the audit file cannot be written'

test('on a full disk, changes and sign-ins succeed, their rows are kept, and the log reports it', {
  skip: !existsSync(FULL),
}, async (t) => {
  const pidFile = join(temporaryFolder(), 'pid')
  const server = await startSluice(t, ['--store', 'memory', '--audit-log', FULL, '--pid-file', pidFile])
  const { token } = await setUpServer(server.url)
  for (const _ of [1, 2]) assert.equal((await signIn(server.url)).status, 204)
  const { json } = await get(server.url, '/api/v2/audit', bearer(token))
  assert.deepEqual(
    json.events.map(({ event }: { event: string }) => event),
    ['signin', 'signin', 'setup'],
  )
  assert.equal(server.output().split(FAILS).length - 1, 3)
  assert.equal((await server.stop()).code, 0)
  assert.ok(!existsSync(pidFile))
})

test('if it cannot be reopened, the server keeps writing the old file', async (t) => {
  const folder = join(temporaryFolder(), 'log')
  const path = join(folder, 'audit.jsonl')
  const server = await startSluice(t, ['--store', 'memory', '--audit-log', path])
  renameSync(path, `${path}.1`)
  // A folder in its place, which not even root can open as a file.
  mkdirSync(path)
  server.child.kill('SIGHUP')
  await server.written(FAILS)
  await setUpServer(server.url)
  assert.equal(readFileSync(`${path}.1`, 'utf8').split('\n').length, 2)
  rmSync(path, { recursive: true })
  server.child.kill('SIGHUP')
  while (!existsSync(path)) await get(server.url, '/ping')
  assert.equal((await signIn(server.url)).status, 204)
  const lines = readFileSync(path, 'utf8')
  assert.match(lines, /^\{.*"event":"signin".*"requestId":".*\}\n$/)
  const { actor, target } = JSON.parse(lines)
  assert.deepEqual([actor.userName, target.userName], ['ada', 'ada'])
  assert.equal((await server.stop()).code, 0)
})
