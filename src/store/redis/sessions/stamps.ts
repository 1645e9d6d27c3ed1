/** A text per user that changes with every change of the user's record or rights. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../domain/base/clock.ts'
import type { ID } from '../../../domain/base/id.ts'
import type { RedisConnection } from '../link/connection.ts'
import { type RedisScript, redisScript } from '../link/script.ts'
import { STAMP_LUA } from './stamp-script.ts'

/** A change under way, of these users, on the server on which it was marked. */
export interface RedisMark {
  readonly id: string
  readonly userIDs: readonly ID[]
  readonly serverID: string
}

export interface RedisStamps {
  /**
   * The user's current stamp; undefined while a change is under way. Data that was loaded after reading a stamp is
   * current as long as reading it gives the same text.
   */
  read(userID: ID, on?: string): Promise<string | undefined>
  /**
   * Marks these stamps as unsettled, directly before the commit: until `settle`, or for a minute. If it rejects,
   * nothing must be committed; some stamps may stay marked until the minute has passed.
   *
   * @param on the server on which it is to be marked, else it is `unavailable`
   */
  mark(userIDs: readonly ID[], on?: string): Promise<RedisMark>
  /**
   * After the commit or rollback: removes the mark and renews the stamps, on whichever server is the master by now.
   * If it rejects, the users stay unsettled until the minute has passed.
   */
  settle(mark: RedisMark): Promise<void>
  /** The key and the arguments with which scripts of others call `read_stamp`. */
  reading(userID: ID): { readonly key: string; readonly fresh: string; readonly at: number }
}

/** How long a mark lasts whose node went away. No transaction that changes anything may take as long. */
export const MARK_MS = 60_000
/** A limit, so that a change of many users does not delay others for long. */
const AT_ONCE = 500

const READ = redisScript(`${STAMP_LUA}
return read_stamp(KEYS[1], ARGV[1], tonumber(ARGV[2]))`)

const MARKED = redisScript(`${STAMP_LUA}
for i = 1, #KEYS do
  read_stamp(KEYS[i], ARGV[1] .. i, tonumber(ARGV[2]))
  redis.call('HSET', KEYS[i], 'm:' .. ARGV[3], ARGV[4])
end`)

const SETTLED = redisScript(`${STAMP_LUA}
for i = 1, #KEYS do
  redis.call('HDEL', KEYS[i], 'm:' .. ARGV[2])
  replace_stamp(KEYS[i], ARGV[1] .. i)
end`)

export function createStamps(deps: {
  redis: Pick<RedisConnection, 'run' | 'state'>
  keyPrefix: string
  now: Clock
}): RedisStamps {
  const { redis, keyPrefix, now } = deps
  const keyOf = (userID: ID) => `${keyPrefix}stamp:${userID}`

  // A stamp need not be secret, only new: a random beginning for this process, and a number.
  const beginning = randomBytes(12).toString('base64url')
  let made = 0
  const newText = () => {
    made += 1
    return `${beginning}.${made.toString(36)}.`
  }

  const reading = (userID: ID) => ({ key: keyOf(userID), fresh: newText(), at: now() })

  async function runOnAll(
    script: RedisScript,
    userIDs: readonly ID[],
    args: readonly (string | number)[],
    on?: string,
  ) {
    const portions = []
    for (let start = 0; start < userIDs.length; start += AT_ONCE) {
      const keys = userIDs.slice(start, start + AT_ONCE).map(keyOf)
      portions.push(redis.run(script, keys, [newText(), ...args], on))
    }
    await Promise.all(portions)
  }

  return {
    async read(userID, on) {
      const { key, fresh, at } = reading(userID)
      const stamp = await redis.run(READ, [key], [fresh, at], on)
      return typeof stamp === 'string' ? stamp : undefined
    },
    async mark(userIDs, on) {
      const id = newText()
      const at = now()
      const state = redis.state()
      const serverID = on ?? (state.connected ? state.serverID : '')
      await runOnAll(MARKED, userIDs, [at, id, at + MARK_MS], serverID)
      return { id, userIDs, serverID }
    },
    settle: ({ id, userIDs }) => runOnAll(SETTLED, userIDs, [id]),
    reading,
  }
}
