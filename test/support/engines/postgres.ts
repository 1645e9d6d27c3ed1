/** A database on a real PostgreSQL for tests: that of the whole run, or one that this file starts for itself. */
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import { type PostgresServer, postgresPrograms, startPostgres } from '../../../scripts/engines/postgres.mjs'

/** For the options of a suite: why it is skipped, or false. With CI=true nothing is. */
export const withoutPostgres: string | false =
  process.env.SLUICE_TEST_POSTGRES_URL || process.env.CI === 'true' || postgresPrograms()
    ? false
    : 'PostgreSQL is not installed (Debian: apt-get install postgresql)'

/** What is to be undone when the tests of the file are over, the last first. */
const undo: (() => Promise<unknown>)[] = []
// Here and not where it is needed, which is in the middle of a test, whose end would be too early.
after(async () => {
  for (const each of undo.toReversed()) await each()
})

let serverUrl: Promise<string> | undefined

function server(): Promise<string> {
  const given = process.env.SLUICE_TEST_POSTGRES_URL
  if (given) return Promise.resolve(given)
  serverUrl ??= startPostgres().then(({ url, stop }: PostgresServer) => {
    undo.push(stop)
    return url
  })
  return serverUrl
}

/** Runs statements on a database with a connection of their own; the rows of the last. */
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

/** An empty database; its URL. It is dropped when the tests of the file are over. */
export async function emptyDatabase(): Promise<string> {
  const [admin, name] = [await server(), `sluice_${randomBytes(6).toString('hex')}`]
  await query(admin, `create database ${name}`)
  undo.push(() => query(admin, `drop database if exists ${name} with (force)`))
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
}

/** Empties a database that tests use one after the other. */
export async function emptied(url: string): Promise<string> {
  await query(url, 'drop schema public cascade; create schema public')
  return url
}
