/** How long the owner's sign-in takes while strangers try passwords, more of them than the server can hash. */
import { BASIC, setUp } from './client.ts'
import { startSluice } from './processes.ts'

export interface OwnerAmongStrangers {
  /** Of the owner's sign-ins from a known address. */
  readonly slowestMs: number
  /** Statuses of the owner's sign-ins that were not 204. */
  readonly refused: readonly number[]
  /** Tries of strangers that were answered meanwhile, by status. */
  readonly strangers: Readonly<Record<number, number>>
}

const STRANGERS = 330
const SIGN_INS = 10
const OFFICE = '198.51.100.7'

export async function ownerAmongStrangers(): Promise<OwnerAmongStrangers> {
  const sluice = await startSluice('--trusted-proxies', '127.0.0.1')
  await setUp(sluice.port)
  async function signIn(authorization: string, address: string): Promise<number> {
    const headers = { authorization, 'x-forwarded-for': address }
    const url = `http://127.0.0.1:${sluice.port}/api/v2/signin`
    const response = await fetch(url, { method: 'POST', headers })
    await response.arrayBuffer()
    return response.status
  }
  await signIn(BASIC, OFFICE)

  let [going, tried] = [true, 0]
  const strangers: Record<number, number> = {}
  const clients = Array.from({ length: STRANGERS }, async (_, index) => {
    while (going) {
      tried += 1
      const wrong = `Basic ${btoa(`${tried % 2 === 0 ? 'ada' : `name ${tried}`}:wrong`)}`
      const status = await signIn(wrong, `203.0.${index % 3}.${index % 250}`)
      strangers[status] = (strangers[status] ?? 0) + 1
      // As fast as a refusal comes they would measure the client instead.
      if (status !== 401) await new Promise((resolve) => setTimeout(resolve, 200))
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 1000))
  let slowestMs = 0
  const refused: number[] = []
  for (let count = 0; count < SIGN_INS; count += 1) {
    const started = performance.now()
    const status = await signIn(BASIC, OFFICE)
    slowestMs = Math.max(slowestMs, performance.now() - started)
    if (status !== 204) refused.push(status)
  }
  going = false
  await Promise.all(clients)
  await sluice.stop()
  return { slowestMs, refused, strangers }
}
