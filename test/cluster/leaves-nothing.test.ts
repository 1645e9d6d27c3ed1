/** `npm run cluster` leaves no process and no folder behind, even when it is killed. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../../cluster/program.ts'
import { programPath } from '../../scripts/engines/install.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'

const MAIN = fileURLToPath(new URL('../../cluster/main.ts', import.meta.url))
const hasAll = postgresPrograms() && redisProgram() && programPath('haproxy')
const skip = hasAll || process.env.CI === 'true' ? false : 'PostgreSQL, Redis or HAProxy is missing'

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`after ${signal}`, { skip, timeout: 90_000 }, async (t) => {
    const child = spawn(process.execPath, [MAIN, '--port', '0', '--nodes', '2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    let output = ''
    child.stdout.setEncoding('utf8')
    for await (const text of child.stdout) {
      output += text
      if (output.includes('Ctrl-C stops everything')) break
    }
    const folder = /\/\S*sluice-cluster-[^/]+/.exec(output)?.[0]
    assert.ok(folder && existsSync(folder), output)
    const url = /HAProxy +(http:\S+)/.exec(output)?.[1]
    assert.equal((await fetch(`${url}/ready`)).status, 200)
    const started = descendants(child.pid ?? 0)
    assert.ok(started.length > 8, `${started.length} processes`)

    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
    const left = () =>
      started.filter((each) => existsSync(`/proc/${each.pid}`) && program(each.pid) === each.program)
    await until('all that was started is gone', async () => left().length === 0, 15_000).catch((error) => {
      assert.fail(`${error.message}: ${JSON.stringify(left())}`)
    })
    await until('the folder is gone', async () => !existsSync(folder), 5000)
  })
}

interface Started {
  readonly pid: number
  /** Recognizes the process, in case its pid is reused. */
  readonly program: string
}

function descendants(parent: number): Started[] {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent)
  return children.flatMap((pid) => [{ pid, program: program(pid) }, ...descendants(pid)])
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

function program(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return ''
  }
}
