import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMiB } from '../support/process-memory.ts'
import { cloneSources } from './clone.ts'

const MOST_MIB = 130
const LONGEST_MS = 60_000

/** Starts a server of a clone; its resident memory in MiB some time after it listens. */
async function memoryOfStart(folder: string): Promise<number> {
  const argv = ['--store', 'memory', '--http-bind-address', '127.0.0.1:0']
  const child = spawn(process.execPath, [join(folder, 'scripts/start.ts'), ...argv], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => assert.fail('the server did not start'))
  ended.catch(() => {})
  const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  try {
    let said = ''
    child.stdout.setEncoding('utf8')
    while (!said.includes(' listens on ')) said += await Promise.race([once(child.stdout, 'data'), ended])
    child.stdout.resume()
    await sleep(500)
    assert.equal(child.exitCode, null)
    return residentMiB(child.pid as number)
  } finally {
    clearTimeout(tooLong)
    child.kill('SIGKILL')
    await ended.catch(() => {})
  }
}

test('the first start of a clone needs no more memory than the next', {
  skip: process.platform !== 'linux' && 'memory is read from /proc',
}, async () => {
  const folder = cloneSources()
  const first = await memoryOfStart(folder)
  assert.ok(first < MOST_MIB, `the first: ${first} MiB`)
  const second = await memoryOfStart(folder)
  assert.ok(second < MOST_MIB && first < second + 20, `the first: ${first} MiB, the second: ${second} MiB`)
})
