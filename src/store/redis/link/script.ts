import { hash } from 'node:crypto'

export interface RedisScript {
  readonly source: string
  /** The SHA-1 of the source, by which Redis finds it again. */
  readonly sha: string
}

/**
 * A Lua script. With `#!lua`, Redis 7 checks before it runs the script: on a replica, without memory or without the
 * required replicas it refuses at once rather than halfway.
 */
export function redisScript(body: string): RedisScript {
  const source = `#!lua\n${body}`
  return { source, sha: hash('sha1', source, 'hex') }
}
