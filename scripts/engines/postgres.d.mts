export interface PostgresServer {
  /** The superuser's, with its password, to the database `postgres`. */
  readonly url: string
  readonly port: number
  pid(): number
  /** Ends it as the signal says (SIGINT is fast, SIGQUIT at once) and starts it on the same port and data. */
  restart(signal?: NodeJS.Signals, pauseMs?: number): Promise<void>
  stop(): Promise<void>
}

/** Where `initdb` and `postgres` are: Debian's newest, else undefined. */
export function postgresPrograms(): string | undefined

export function startPostgres(options?: {
  durable?: boolean
  settings?: Record<string, string | number>
}): Promise<PostgresServer>
