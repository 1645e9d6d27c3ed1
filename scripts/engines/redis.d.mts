export interface RedisServer {
  readonly port: number
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string
  pid(): number
  /** Kills it immediately, without closing its clients' connections. */
  kill(): Promise<void>
  /** Restarts it on the same port without its data, with `more` arguments of redis-server. */
  restart(more?: readonly string[]): Promise<void>
}

export interface RedisSentinel {
  readonly port: number
  pid(): number
  kill(): Promise<void>
}

export interface RedisWithSentinels {
  readonly master: RedisServer
  readonly replicas: readonly RedisServer[]
  readonly sentinels: readonly RedisSentinel[]
  /** The master's name in the Sentinels. */
  readonly name: string
  stop(): Promise<void>
}

/** The path of the program; undefined if it is missing. */
export function redisProgram(): string | undefined

/** A Redis without persistence, which ends with this process. `args` are arguments of redis-server. */
export function startRedis(options?: {
  args?: readonly string[]
}): Promise<RedisServer & { stop(): Promise<void> }>

/** One master, two replicas and three Sentinels, which end with this process. */
export function startRedisWithSentinels(options?: { args?: readonly string[] }): Promise<RedisWithSentinels>
