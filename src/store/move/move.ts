/** Carries all data from one database to another. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../sql/tables.ts'
import type { MovableDatabase } from './engines.ts'
import { createTableSum, type Row } from './table-sum.ts'

/** Why nothing was moved. */
export class MoveError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MoveError'
  }
}

export interface MovedTable {
  readonly name: string
  readonly count: number
  readonly checksum: string
}

/** Rows in one statement: well below what engines allow as its parameters. */
const PORTION = 500
/** Tables that are not moved: applied migrations, and what nodes agree on while they run. */
const NOT_MOVED: ReadonlySet<string> = new Set(['schema_compatibility', 'cluster', 'session_key'])

interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

/**
 * Moves every row of every table, in one transaction of the target: it gets all or nothing, however the command ends,
 * and a second run starts from the beginning. Each table is read back and must have the source's count and checksum.
 * Throws `MoveError` if the target already holds data.
 */
export async function move(
  source: MovableDatabase,
  target: MovableDatabase,
  onTable: (moved: MovedTable) => void,
): Promise<readonly MovedTable[]> {
  const tables = await tablesOf(source.db)
  if (JSON.stringify(tables) !== JSON.stringify(await tablesOf(target.db))) {
    throw new MoveError(`the tables of ${source.place} and ${target.place} differ`)
  }
  return source.db.transaction().execute((from) =>
    target.db.transaction().execute(async (to) => {
      await requireEmpty(to, tables, target.place)
      const moved: MovedTable[] = []
      for (const table of tables) {
        const one = await moveTable({ source, from, target, to, table })
        onTable(one)
        moved.push(one)
      }
      await carryGeneration(from, to)
      return moved
    }),
  )
}

async function tablesOf(db: Kysely<Tables>): Promise<readonly Table[]> {
  const all = await db.introspection.getTables()
  // PostgreSQL lists tables of every schema; those of other schemas are not Sluice's.
  const isOwn = await ownSchema(db)
  return all
    .filter(({ name, schema, isView }) => !isView && !NOT_MOVED.has(name) && isOwn(schema))
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name).toSorted() }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

async function ownSchema(db: Kysely<Tables>): Promise<(schema: string | undefined) => boolean> {
  const tables = await db.introspection.getTables()
  if (tables.every(({ schema }) => schema === undefined)) return () => true
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db)
  return (schema) => schema === rows[0]?.schema
}

async function countOf(db: Kysely<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db)
  return Number(rows[0]?.count)
}

async function requireEmpty(db: Kysely<Tables>, tables: readonly Table[], place: string): Promise<void> {
  for (const { name } of tables) {
    if ((await countOf(db, name)) > 0) {
      throw new MoveError(
        `${place} holds data already (in ${name}); data is moved only to where there is none`,
      )
    }
  }
}

async function moveTable(parts: {
  source: MovableDatabase
  from: Kysely<Tables>
  target: MovableDatabase
  to: Kysely<Tables>
  table: Table
}): Promise<MovedTable> {
  const { source, from, target, to, table } = parts
  const [given, kept] = [createTableSum(table.columns), createTableSum(table.columns)]
  for await (const rows of source.portions(from, table.name, PORTION)) {
    await to
      .insertInto(table.name as never)
      .values(rows as never)
      .execute()
    addAll(given, rows)
  }
  for await (const rows of target.portions(to, table.name, PORTION)) {
    addAll(kept, rows)
  }
  if (given.count !== kept.count || given.text() !== kept.text()) {
    throw new MoveError(`${table.name} does not read as it was written; nothing was moved`)
  }
  return { name: table.name, count: kept.count, checksum: kept.text() }
}

function addAll(sum: { add(row: Row): void }, rows: readonly Row[]): void {
  for (const row of rows) sum.add(row)
}

/** Carries the generations, so that ended sessions stay ended and nodes drop what they cached of the target. */
async function carryGeneration(from: Kysely<Tables>, to: Kysely<Tables>): Promise<void> {
  const [old, present] = await Promise.all(
    [from, to].map((db) => db.selectFrom('cluster').selectAll().executeTakeFirstOrThrow()),
  )
  await to
    .updateTable('cluster')
    .set({
      epoch: Math.max(old?.epoch ?? 0, present?.epoch ?? 0) + 1,
      redis_id: null,
      session_generation: old?.session_generation ?? 0,
    })
    .execute()
}
