export interface RedisServer {
  readonly port: number
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string
  pid(): number
  /** Ends it at once, without a word to its clients. */
  kill(): Promise<void>
  /** On the same port, without its data, and with `more` of redis-server's arguments. */
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
  /** What the Sentinels call the master. */
  readonly name: string
  stop(): Promise<void>
}

/** The path of the program, or undefined where it is missing. */
export function redisProgram(): string | undefined

/** One Redis without persistence, gone with this process. `args` are redis-server's own. */
export function startRedis(options?: {
  args?: readonly string[]
}): Promise<RedisServer & { stop(): Promise<void> }>

/** One master, two replicas and three Sentinels, gone with this process. */
export function startRedisWithSentinels(options?: { args?: readonly string[] }): Promise<RedisWithSentinels>
