/** What the queries of several stores share. */
import type {
  ComparisonOperatorExpression,
  DeleteQueryBuilder,
  InsertResult,
  Kysely,
  OperandValueExpressionOrList,
  ReferenceExpression,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  UpdateResult,
  WhereInterface,
} from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import type { PageRequest } from '../../domain/base/paging.ts'
import type { TokensSize } from '../../domain/records/authorization.ts'
import type { Tables } from './tables.ts'

/** Whether an insert that does nothing on a conflict has added its row. */
export function added(result: InsertResult): boolean {
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

const UNIQUE_VIOLATION = '23505'

/**
 * Runs an update that checks whether a name is free; returns whether it changed its row. Engines with several
 * connections let two updates check at once, and refuse the second by its unique name when it writes.
 */
export async function changed(update: {
  executeTakeFirstOrThrow(): Promise<UpdateResult>
}): Promise<boolean> {
  try {
    return (await update.executeTakeFirstOrThrow()).numUpdatedRows > 0n
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return false
    throw error
  }
}

const MOST_PARAMETERS = 500

/** Queries many ids in portions, since engines limit the parameters of one statement. */
export async function inPortions<T>(
  ids: readonly ID[],
  ask: (portion: readonly ID[]) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = []
  for (let start = 0; start < ids.length; start += MOST_PARAMETERS) {
    found.push(...(await ask(ids.slice(start, start + MOST_PARAMETERS))))
  }
  return found
}

/** How many rows of a table each of these organizations has; those without any are absent. */
export async function countByOrganization(
  db: Kysely<Tables>,
  table: 'authorizations' | 'buckets',
  orgIDs: readonly ID[],
): Promise<ReadonlyMap<ID, number>> {
  const rows = await inPortions(orgIDs, (portion) =>
    db
      .selectFrom(table)
      .select((each) => ['org_id', each.fn.countAll<number>().as('count')])
      .where('org_id', 'in', portion)
      .groupBy('org_id')
      .execute(),
  )
  // PostgreSQL gives such counts as text.
  return new Map(rows.map(({ org_id, count }) => [org_id, Number(count)]))
}

/** The direction of a page and the comparison that goes on after an item. */
export function direction({ descending }: PageRequest): { order: 'asc' | 'desc'; beyond: '>' | '<' } {
  return descending ? { order: 'desc', beyond: '<' } : { order: 'asc', beyond: '>' }
}

type Given<DB, TB extends keyof DB, C> = OperandValueExpressionOrList<DB, TB, C> | undefined

/** Adds a condition to a query, if there is a value to compare with. */
export function whereGiven<DB, TB extends keyof DB, O, C extends ReferenceExpression<DB, TB>>(
  query: SelectQueryBuilder<DB, TB, O>,
  column: C,
  operator: ComparisonOperatorExpression,
  value: Given<DB, TB, C>,
): SelectQueryBuilder<DB, TB, O>
export function whereGiven<
  DB,
  UT extends keyof DB,
  TB extends keyof DB,
  O,
  C extends ReferenceExpression<DB, TB>,
>(
  query: UpdateQueryBuilder<DB, UT, TB, O>,
  column: C,
  operator: ComparisonOperatorExpression,
  value: Given<DB, TB, C>,
): UpdateQueryBuilder<DB, UT, TB, O>
export function whereGiven<DB, TB extends keyof DB, O, C extends ReferenceExpression<DB, TB>>(
  query: DeleteQueryBuilder<DB, TB, O>,
  column: C,
  operator: ComparisonOperatorExpression,
  value: Given<DB, TB, C>,
): DeleteQueryBuilder<DB, TB, O>
export function whereGiven<DB, TB extends keyof DB, C extends ReferenceExpression<DB, TB>>(
  query: WhereInterface<DB, TB>,
  column: C,
  operator: ComparisonOperatorExpression,
  value: Given<DB, TB, C>,
): WhereInterface<DB, TB> {
  return value === undefined ? query : query.where(column, operator, value)
}

/** How much a user's tokens of one table take. */
export async function tokensSize(
  db: Kysely<Tables>,
  table: 'authorizations' | 'legacy_authorizations',
  userID: ID,
): Promise<TokensSize> {
  const { count, length } = await db
    .selectFrom(table)
    .select(({ fn }) => [
      fn.countAll().as('count'),
      fn.sum(fn<number>('length', ['permissions'])).as('length'),
    ])
    .where('user_id', '=', userID)
    .executeTakeFirstOrThrow()
  return { count: Number(count), permissionsLength: Number(length ?? 0) }
}
