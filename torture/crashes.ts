/** kill -9 again and again during writes: what was acknowledged stays, and what was ended stays dead. */
import { createLedger } from './crash-ledger.ts'
import { WAYS, write } from './crash-writers.ts'
import { setUp, startServer } from './server.ts'

export interface CrashResult {
  readonly rounds: number
  readonly acknowledged: number
  /** Of these, what ended sessions and tokens. */
  readonly endings: number
  readonly wrong: string[]
}

const WRITERS = 4
/** Users are many, and no one of them guesses. */
const FLAGS = ['--guess-address-limit', '1000000']

export async function crashes(sqlitePath: string, rounds: number): Promise<CrashResult> {
  const ledger = createLedger()
  const wrong: string[] = []
  let server = await startServer({ sqlitePath, flags: FLAGS })
  const { operator, orgID } = await setUp(server)
  for (let round = 0; round < rounds; round += 1) {
    const writing = { server, operator, orgID, ledger }
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      write(writing, `${round}-${writer}`, round * WRITERS + writer),
    )
    await new Promise((resolve) => setTimeout(resolve, 1000 + ((round * 197) % 1200)))
    await server.kill()
    await Promise.all(writers)
    ledger.crashed()
    server = await startServer({ sqlitePath, flags: FLAGS })
    wrong.push(...(await ledger.check(server, operator, round === rounds - 1)))
  }
  await server.stop()
  const { endings } = ledger
  if (endings.size < WAYS) wrong.push(`only ${endings.size} of ${WAYS} ways of ending were acknowledged`)
  const ended = [...endings.values()].reduce((total, count) => total + count, 0)
  return { rounds, acknowledged: ledger.operations(), endings: ended, wrong }
}
