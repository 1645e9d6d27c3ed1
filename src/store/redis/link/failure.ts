import { unavailable } from '../../../domain/base/errors.ts'

const RETRY_AFTER_SECONDS = 2

/** The domain's error for any failure between this node and Redis. */
export function redisAway(cause: unknown) {
  return unavailable('the session store cannot be reached; try again shortly', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}

/** A Redis with which Sluice can never work. The message is for the operator. */
export class UnsuitableRedisError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnsuitableRedisError'
  }
}
