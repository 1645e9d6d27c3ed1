import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../support/folder.ts'
import { bearer, get, post, setUpServer } from './api.ts'
import { createLedger, type Ledger, write } from './ledger.ts'
import { type RunningServer, spawnSluice, startSluice } from './sluice.ts'

const ROUNDS = 5
const WRITERS = 6
/** Tests every deleted token, which is more than the limit on guesses allows. */
const MANY_REFUSALS = ['--guess-address-limit', '1000000']

/** Kills a server several times during its start, at random moments. */
async function crashWhileStarting(path: string): Promise<void> {
  for (let count = 0; count < 2; count++) {
    const { child, ended } = spawnSluice(['--http-bind-address', '127.0.0.1:0', '--sqlite-path', path])
    child.stdout.resume()
    child.stderr.resume()
    // Random on purpose: the moment is what varies in this test.
    await sleep(randomInt(200, 700))
    child.kill('SIGKILL')
    await ended
  }
}

/** Several clients write until the server is killed, after a random number of acknowledged writes. */
async function writeUntilKilled({ url, child, ended }: RunningServer, ledger: Ledger): Promise<void> {
  const killAfter = ledger.acknowledged + randomInt(1, 60)
  let killed = false
  async function writer(): Promise<void> {
    while (!killed) {
      try {
        await write(url, ledger)
      } catch (error) {
        if (!killed) throw error
      }
      if (!killed && ledger.acknowledged >= killAfter) {
        killed = true
        child.kill('SIGKILL')
      }
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
  await ended
}

/** Acknowledged writes are present, and what was acknowledged as deleted is absent. */
async function verify(url: string, ledger: Ledger): Promise<void> {
  const names = new Map<string, string>()
  for (let after = ''; ; ) {
    const { json } = await get(url, `/api/v2/users?limit=100${after}`, bearer(ledger.operatorToken))
    for (const { id, name } of json.users) names.set(id, name)
    if (json.users.length < 100) break
    after = `&after=${json.users.at(-1).id}`
  }
  for (const [id, { name, inDoubt }] of ledger.users) {
    if (!inDoubt) assert.equal(names.get(id), name, `user ${id}`)
  }
  for (const [id, name] of names) {
    assert.ok(ledger.users.has(id) || ledger.attempted.has(name), `${name} was never requested`)
  }
  for (const [token, { works, inDoubt }] of ledger.tokens) {
    if (inDoubt) continue
    const { status } = await get(url, '/api/v2/buckets?limit=1', bearer(token))
    assert.equal(status, works ? 200 : 401, 'token')
  }
}

test('kill -9 at any moment loses no acknowledged write', async (t) => {
  const path = join(temporaryFolder(), 'data.sqlite')
  await crashWhileStarting(path)
  let ledger: Ledger | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startSluice(t, ['--sqlite-path', path, ...MANY_REFUSALS])
    ledger ??= createLedger(await setUpServer(server.url))
    await verify(server.url, ledger)
    await writeUntilKilled(server, ledger)
  }
  assert.ok(ledger)
  const last = await startSluice(t, ['--sqlite-path', path, ...MANY_REFUSALS])
  await verify(last.url, ledger)
  const { operatorToken: token } = ledger
  assert.equal((await post(last.url, '/api/v2/users', bearer(token), { name: 'after all' })).status, 201)
  await last.stop()
  const database = new DatabaseSync(path, { readOnly: true })
  assert.deepEqual({ ...database.prepare('pragma integrity_check').get() }, { integrity_check: 'ok' })
  database.close()
  t.diagnostic(`${ledger.acknowledged} acknowledged writes, ${ROUNDS} crashes`)
})
