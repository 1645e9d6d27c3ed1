/** Asks Sentinels for the address of the master. */
import type { HostAndPort, RedisAccess } from './address.ts'
import { type LinkLimits, openLink, type RedisReply } from './link.ts'

export interface Sentinels {
  readonly addresses: readonly HostAndPort[]
  /** The Sentinels' name of the master. */
  readonly master: string
  /** A function is called at each connection. */
  readonly password?: RedisAccess['password']
  readonly tls?: RedisAccess['tls']
}

interface Answer extends HostAndPort {
  /** Higher with every failover. */
  readonly epoch: number
}

/**
 * Asks all of them at once, and takes the answer with the highest failover epoch once more than half have answered: a
 * Sentinel that was cut off from the others may still name the old master. If fewer answer in time, their answers
 * count. Rejects if none knows a master.
 */
export async function findMaster(sentinels: Sentinels, limits: LinkLimits): Promise<HostAndPort> {
  const { addresses } = sentinels
  const answers: Answer[] = []
  const failures: unknown[] = []
  const enough = Promise.withResolvers<void>()
  for (const address of addresses) {
    ask(sentinels, address, limits)
      .then((answer) => answers.push(answer))
      .catch((error) => failures.push(error))
      .finally(() => {
        const all = answers.length + failures.length === addresses.length
        if (all || answers.length > addresses.length / 2) enough.resolve()
      })
  }
  await enough.promise
  const [latest] = answers.toSorted((one, other) => other.epoch - one.epoch)
  if (!latest) throw new AggregateError(failures, `no Sentinel knows where ${sentinels.master} is`)
  return { host: latest.host, port: latest.port }
}

async function ask(sentinels: Sentinels, address: HostAndPort, limits: LinkLimits): Promise<Answer> {
  const { password, tls } = sentinels
  const access: RedisAccess = {
    ...address,
    database: 0,
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls } : {}),
  }
  const link = await openLink(access, limits)
  try {
    return readAnswer(await link.send(['SENTINEL', 'MASTER', sentinels.master]))
  } finally {
    link.lose(new Error('it has been asked'))
  }
}

/** Names and values in turn. */
function readAnswer(reply: RedisReply): Answer {
  const flat = Array.isArray(reply) ? reply.map(String) : []
  const of = (name: string) => flat[flat.indexOf(name) + 1] ?? ''
  return { host: of('ip'), port: Number(of('port')), epoch: Number(of('config-epoch')) }
}
