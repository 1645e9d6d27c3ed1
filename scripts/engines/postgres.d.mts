export interface PostgresServer {
  /** The superuser's, with a random password. */
  readonly url: string
  readonly port: number
  pid(): number
  /** Ends it as the signal says (SIGINT is fast, SIGQUIT at once) and starts it on the same port and data. */
  restart(signal?: NodeJS.Signals, pauseMs?: number): Promise<void>
  stop(): Promise<void>
}

/** Where `initdb` and `postgres` are, or undefined where they are missing. */
export function postgresPrograms(): string | undefined

/** One PostgreSQL with data of its own, gone with this process. */
export function startPostgres(options?: {
  /** For what measures writing: it waits for the disk. */
  durable?: boolean
  settings?: Readonly<Record<string, string | number>>
  /** Paths of a certificate and its key (PEM). */
  tls?: { cert: string; key: string }
}): Promise<PostgresServer>
