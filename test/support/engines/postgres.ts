/** For tests: a database on a real PostgreSQL, shared by the whole run or started for this file. */
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import { type PostgresServer, postgresPrograms, startPostgres } from '../../../scripts/engines/postgres.ts'

/** Why a suite is skipped, or false. With CI=true none is skipped. */
export const withoutPostgres: string | false =
  process.env.TEST_POSTGRES_URL || process.env.CI === 'true' || postgresPrograms()
    ? false
    : 'PostgreSQL is not installed (Debian: apt-get install postgresql)'

/** Cleanup after the tests of the file, last added first. */
const undo: (() => Promise<unknown>)[] = []
// Registered on import: a hook registered inside a test would run at the end of that test, too early.
after(async () => {
  for (const each of undo.toReversed()) await each()
})

let serverUrl: Promise<string> | undefined

function server(): Promise<string> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return Promise.resolve(given)
  serverUrl ??= startPostgres().then(({ url, stop }: PostgresServer) => {
    undo.push(stop)
    return url
  })
  return serverUrl
}

/** Runs statements on a separate connection; returns the rows of the last one. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const result = await client.query(text)
    return (Array.isArray(result) ? result.at(-1) : result).rows
  } finally {
    await client.end()
  }
}

/** Creates an empty database and returns its URL. It is dropped after the tests of the file. */
export async function emptyDatabase(): Promise<string> {
  const [admin, name] = [await server(), `sluice_${randomBytes(6).toString('hex')}`]
  await query(admin, `create database ${name}`)
  undo.push(() => query(admin, `drop database if exists ${name} with (force)`))
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
}

/** Empties a database that tests use one after another. */
export async function emptied(url: string): Promise<string> {
  await query(url, 'drop schema public cascade; create schema public')
  return url
}
