/**
 * What takes too long for the tests: `npm run torture`, under ten minutes, on loopback only. Prints what was done
 * and exits with 1 when anything was wrong. What a machine lacks (faketime, schemathesis, the right to mount) is said and left
 * out, unless CI is `true`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crashes } from './crashes.ts'
import { fullDisk } from './full-disk.ts'
import { generated } from './generated.ts'
import { movedClock } from './moved-clock.ts'
import { slowClients } from './slow-clients.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-'))
let failures = 0

async function run<T extends { wrong: string[] }>(
  name: string,
  work: () => Promise<T | undefined>,
  tell: (result: T) => string,
): Promise<void> {
  const started = performance.now()
  const result = await work()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (!result) {
    console.log(`left out  ${name}: this machine lacks what it needs`)
    if (process.env.CI === 'true') failures += 1
    return
  }
  failures += result.wrong.length
  console.log(
    `${result.wrong.length === 0 ? 'ok      ' : 'WRONG   '}  ${name}: ${tell(result)}, ${seconds} s`,
  )
  for (const each of result.wrong.slice(0, 20)) console.log(`            ${each}`)
}

try {
  await run(
    'kill -9 during writes',
    () => crashes(join(folder, 'crashes.sqlite'), 25),
    ({ rounds, acknowledged }) => `${rounds} crashes, ${acknowledged} acknowledged operations`,
  )
  await run(
    'a full disk',
    () => fullDisk(folder),
    ({ unavailable }) => `${unavailable} writes refused with 503`,
  )
  await run(
    'slow clients',
    () => slowClients(join(folder, 'slow.sqlite'), 300),
    ({ clients, served, slowestMs, cut }) =>
      `${clients} slow ones, ${cut} cut; ${served} requests of others served, the slowest in ${slowestMs.toFixed(0)} ms`,
  )
  await run(
    'a moved clock',
    () => movedClock(join(folder, 'clock.sqlite')),
    () => '4 starts',
  )
  await run(
    'generated requests',
    () => generated(join(folder, 'generated.sqlite')),
    ({ cases }) => cases,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(failures === 0 ? 'nothing was wrong' : `${failures} things were wrong`)
process.exitCode = failures === 0 ? 0 : 1
