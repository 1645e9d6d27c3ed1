export interface PostgresServer {
  /** For the superuser, with a random password. */
  readonly url: string
  readonly port: number
  pid(): number
  /** Stops it by the signal (SIGINT: fast, SIGQUIT: immediate) and restarts it on the same port and data. */
  restart(signal?: NodeJS.Signals, pauseMs?: number): Promise<void>
  stop(): Promise<void>
}

/** The folder of `initdb` and `postgres`; undefined if they are missing. */
export function postgresPrograms(): string | undefined

/** Starts a PostgreSQL with separate data, which ends with this process. */
export function startPostgres(options?: {
  /** Waits for the disk at each commit; for measuring writes. */
  durable?: boolean
  settings?: Readonly<Record<string, string | number>>
  /** Paths of a certificate and its key (PEM). */
  tls?: { cert: string; key: string }
}): Promise<PostgresServer>
