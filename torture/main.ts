/**
 * Tests that take too long for `npm test`: `npm run torture`, under ten minutes, on loopback only. Reports what was
 * done and exits with 1 if anything was wrong. Installs missing programs if it may. Rounds whose tools are missing
 * (faketime, slowhttptest, schemathesis, the right to mount) are reported and skipped, which counts as wrong with
 * CI=true.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitWithNpm } from '../scripts/npm-watch.ts'
import { crashes } from './crashes.ts'
import { fullDisk } from './full-disk.ts'
import { generated } from './generated.ts'
import { liveClock } from './live-clock.ts'
import { movedClock } from './moved-clock.ts'
import { pipelining } from './pipelining.ts'
import { slowClients } from './slow-clients.ts'
import { MissingTool } from './tools.ts'

exitWithNpm('torture')
if (process.argv.includes('--cluster')) {
  // Imported only on demand.
  const { tortureCluster } = await import('./cluster/main.ts')
  const wrong = await tortureCluster(process.argv.slice(2))
  console.log(wrong === 0 ? 'nothing was wrong' : `${wrong} things were wrong`)
  process.exit(wrong === 0 ? 0 : 1)
}
if (process.argv.includes('--gateway')) {
  const { tortureGateway } = await import('./gateway.ts')
  const wrong = await tortureGateway(process.argv.slice(2))
  console.log(wrong === 0 ? 'nothing was wrong' : `${wrong} things were wrong`)
  process.exit(wrong === 0 ? 0 : 1)
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
let failures = 0

async function run<T extends { wrong: string[] }>(
  name: string,
  work: () => Promise<T | undefined>,
  tell: (result: T) => string,
): Promise<void> {
  const started = performance.now()
  let result: T | undefined
  let missing = 'what it needs'
  try {
    result = await work()
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error
    missing = error.message
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (!result) {
    console.log(`skipped   ${name}: this machine lacks ${missing}`)
    if (process.env.CI === 'true') failures += 1
    return
  }
  failures += result.wrong.length
  console.log(
    `${result.wrong.length === 0 ? 'ok      ' : 'WRONG   '}  ${name}: ${tell(result)}, ${seconds} s`,
  )
  for (const each of result.wrong.slice(0, 20)) console.log(`            ${each}`)
}

await run(
  'kill -9 during writes',
  () => crashes(join(folder, 'crashes.sqlite'), 25),
  ({ rounds, acknowledged, endings }) =>
    `${rounds} crashes, ${acknowledged} acknowledged operations, ${endings} of which ended sessions or tokens`,
)
await run(
  'a full disk',
  () => fullDisk(folder),
  ({ unavailable }) => `${unavailable} writes refused with 503`,
)
await run(
  'slow clients',
  () => slowClients(join(folder, 'slow.sqlite'), 300),
  ({ clients, served, slowestMs, longestHeldMs }) =>
    `${clients} each by headers, bodies and reading, all cut within ${(longestHeldMs / 1000).toFixed(1)} s of the first; ` +
    `${served} requests of others served, the slowest in ${slowestMs.toFixed(0)} ms`,
)
await run(
  'clients that send much at once and take nothing',
  () => pipelining(join(folder, 'pipelining.sqlite')),
  ({ attacks, mostMiB, slowestMs }) =>
    `${attacks} attacks, at most ${mostMiB.toFixed(0)} MiB, /health in ${slowestMs.toFixed(0)} ms`,
)
await run(
  'a moved clock',
  () => movedClock(join(folder, 'clock.sqlite')),
  ({ starts }) => `${starts} starts`,
)
await run(
  'a clock that is moved while the server runs',
  () => liveClock(folder),
  ({ moves }) => `${moves} moves`,
)
await run(
  'generated requests',
  () => generated(join(folder, 'generated.sqlite')),
  ({ cases, operations }) => `${cases}; each of ${operations} operations succeeded at least once`,
)
console.log(failures === 0 ? 'nothing was wrong' : `${failures} things were wrong`)
process.exitCode = failures === 0 ? 0 : 1
