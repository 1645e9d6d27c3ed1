import { unavailable } from '../../../domain/base/errors.ts'

const RETRY_AFTER_SECONDS = 2

/** What the domain gets for whatever goes wrong between here and Redis. */
export function redisAway(cause: unknown) {
  return unavailable('the session store cannot be reached; try again shortly', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}

/** A Redis with which Sluice cannot work, however often it tries. The message is for who runs it. */
export class UnsuitableRedisError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnsuitableRedisError'
  }
}
