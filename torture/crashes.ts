/** Repeats kill -9 during writes: acknowledged writes persist, and ended sessions and tokens stay ended. */
import { createLedger } from './crash-ledger.ts'
import { endBy, WAYS, write } from './crash-writers.ts'
import { setUp, startServer } from './server.ts'

export interface CrashResult {
  readonly rounds: number
  readonly acknowledged: number
  /** The number of those that ended sessions and tokens. */
  readonly endings: number
  readonly wrong: string[]
}

const WRITERS = 3
/** After this many ended sessions and tokens the next crash follows, however slow the machine. */
const ENDINGS = 2
const LONGEST_ROUND_MS = 8000
/** No round begins after this time. */
const LONGEST_MS = 120_000
/** Many users sign in from one address here, and none of them is an attacker. */
const FLAGS = ['--guess-address-limit', '1000000']

export async function crashes(sqlitePath: string, rounds: number): Promise<CrashResult> {
  const ledger = createLedger()
  const wrong: string[] = []
  let server = await startServer({ sqlitePath, flags: FLAGS })
  const { operator, orgID } = await setUp(server)
  const gone = Array<number>(WAYS).fill(0)
  const started = performance.now()
  let round = 0
  for (; round < rounds && performance.now() - started < LONGEST_MS; round += 1) {
    const before = ledger.ended()
    const writing = { server, operator, orgID, ledger, gone }
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writing, `${round}-${writer}`))
    const end = performance.now() + LONGEST_ROUND_MS
    while (ledger.ended() - before < ENDINGS && performance.now() < end) await pause(10)
    // A different moment in each round.
    await pause((round * 37) % 150)
    await server.kill()
    await Promise.all(writers)
    ledger.crashed()
    server = await startServer({ sqlitePath, flags: FLAGS })
    wrong.push(...(await ledger.check(server, operator, { newest: 60 })))
  }
  // Every way once more without a crash, so that none is missed on a slow machine.
  const writing = { server, operator, orgID, ledger, gone }
  for (let way = 0; way < WAYS; way += 1) await endBy(writing, `last-${way}`, way)
  await server.kill()
  ledger.crashed()
  server = await startServer({ sqlitePath, flags: FLAGS })
  wrong.push(...(await ledger.check(server, operator)))
  await server.stop()
  const { endings } = ledger
  if (endings.size < WAYS)
    wrong.push(`of ${WAYS} ways of ending only these were used: ${[...endings.keys()].join(', ')}`)
  return { rounds: round + 1, acknowledged: ledger.operations(), endings: ledger.ended(), wrong }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
