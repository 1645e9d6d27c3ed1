/** `npm start` under those who end it: supervisors, terminals, and shells that go on without it. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../support/folder.ts'

const root = join(import.meta.dirname, '../..')
const skip =
  (process.platform === 'win32' && 'Windows has no signals') ||
  (spawnSync('npm', ['--version']).status !== 0 && 'npm is missing')
const LONGEST_MS = 60_000

interface Started {
  readonly npm: ChildProcess
  readonly url: string
  readonly pid: number
  output(): string
  /** Until the server's process is gone. */
  gone(): Promise<void>
}

/** Starts a server by npm, or by a command that does, in a process group of its own. */
async function startByNpm(t: TestContext, wrap = (command: string) => `exec ${command}`): Promise<Started> {
  const folder = temporaryFolder()
  const pidFile = join(folder, 'pid')
  const flags = ['--store', 'memory', '--http-bind-address', '127.0.0.1:0', '--pid-file', pidFile]
  const npm = spawn('sh', ['-c', wrap(`npm --silent start -- ${flags.join(' ')}`)], {
    ...{ cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { PATH: process.env.PATH, HOME: folder },
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  let pid = 0
  t.after(() => {
    // All that is in the group, by its number, if any of it is left.
    for (const each of [-(npm.pid as number), pid]) {
      try {
        if (each !== 0) process.kill(each, 'SIGKILL')
      } catch {
        // Gone.
      }
    }
  })
  const end = performance.now() + LONGEST_MS
  const url = () => /listens on (http:\/\/[^"\s]+)/.exec(output)?.[1]
  while (!url()) {
    assert.ok(performance.now() < end, output)
    await sleep(20)
  }
  pid = Number(readFileSync(pidFile, 'utf8'))
  return {
    ...{ npm, url: url() as string, pid },
    output: () => output,
    async gone() {
      while (isAlive(pid)) {
        assert.ok(performance.now() < end, `the server is still there:\n${output}`)
        await sleep(20)
      }
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

suite('a server that npm started ends with npm', { skip, concurrency: true }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`after ${signal}, gracefully`, async (t) => {
      const { npm, gone, output } = await startByNpm(t)
      npm.kill(signal)
      await gone()
      assert.match(output(), /"stopped"/)
    })
  }

  test('after SIGKILL, gracefully', {
    skip: process.platform !== 'linux' && 'it is seen in /proc',
  }, async (t) => {
    const { npm, gone, output } = await startByNpm(t)
    npm.kill('SIGKILL')
    await gone()
    assert.match(output(), /"stopped"/)
  })

  test('after the Ctrl-C of a terminal, which all of them get, once', async (t) => {
    const { npm, gone, output } = await startByNpm(t)
    process.kill(-(npm.pid as number), 'SIGINT')
    await gone()
    assert.match(output(), /"stopped"/)
    assert.equal(output().match(/"stopping"/g)?.length, 1)
  })

  test('and not with the shell from which npm was started', async (t) => {
    const { npm, url, pid, gone } = await startByNpm(t, (command) => `nohup ${command} & sleep 3`)
    if (npm.exitCode === null) await once(npm, 'exit')
    await sleep(1000)
    assert.equal((await fetch(`${url}/health`)).status, 200)
    process.kill(pid, 'SIGTERM')
    await gone()
  })
})
