import { hash } from 'node:crypto'

export interface RedisScript {
  readonly source: string
  /** The SHA-1 of the source, by which Redis finds it again. */
  readonly sha: string
}

/**
 * A Lua script. With `#!lua` Redis 7 looks before it runs it: on a replica, without memory or without the replicas
 * that it must have, it refuses at once rather than halfway.
 */
export function redisScript(body: string): RedisScript {
  const source = `#!lua\n${body}`
  return { source, sha: hash('sha1', source, 'hex') }
}
