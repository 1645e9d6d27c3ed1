/** kill -9 again and again during writes: what was acknowledged stays, and what was ended stays dead. */
import { createLedger } from './crash-ledger.ts'
import { endBy, WAYS, write } from './crash-writers.ts'
import { setUp, startServer } from './server.ts'

export interface CrashResult {
  readonly rounds: number
  readonly acknowledged: number
  /** Of these, what ended sessions and tokens. */
  readonly endings: number
  readonly wrong: string[]
}

const WRITERS = 3
/** Enough sessions and tokens have ended then for the next crash, however slow the machine is. */
const ENDINGS = 2
const LONGEST_ROUND_MS = 8000
/** No further round begins after this. */
const LONGEST_MS = 120_000
/** Users are many, and no one of them guesses. */
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
    // At another moment of what they do each time.
    await pause((round * 37) % 150)
    await server.kill()
    await Promise.all(writers)
    ledger.crashed()
    server = await startServer({ sqlitePath, flags: FLAGS })
    wrong.push(...(await ledger.check(server, operator, { newest: 60 })))
  }
  // Each way once more, without haste, so that none is left out on a slow machine.
  const writing = { server, operator, orgID, ledger, gone }
  for (let way = 0; way < WAYS; way += 1) await endBy(writing, `last-${way}`, way)
  await server.kill()
  ledger.crashed()
  server = await startServer({ sqlitePath, flags: FLAGS })
  wrong.push(...(await ledger.check(server, operator)))
  await server.stop()
  const { endings } = ledger
  if (endings.size < WAYS)
    wrong.push(`of ${WAYS} ways of ending only these were done: ${[...endings.keys()].join(', ')}`)
  return { rounds: round + 1, acknowledged: ledger.operations(), endings: ledger.ended(), wrong }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
