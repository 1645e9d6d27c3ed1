/** Answers to statements of InfluxQL. */
import type { Caller } from '../core/caller.ts'
import type { Exchange } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import type { Mapping, Point } from '../core/state.ts'
import type { Source, Statement } from './influxql.ts'
import { mappingsOf } from './mappings.ts'
import { typeOf } from './store-points.ts'

interface Request extends Pick<Exchange, 'state'> {
  readonly caller: Caller
  readonly database: string
  readonly rp: string
  readonly epoch: string
}

interface Series {
  readonly name?: string
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

export type Result = { readonly series?: readonly Series[] } | { readonly error: string }

export function answerStatement(request: Request, statement: Statement): Result {
  switch (statement.kind) {
    case 'databases': {
      const names = new Set(visible(request).map(({ database }) => database))
      return result([
        { name: 'databases', columns: ['name'], values: [...names].sort().map((name) => [name]) },
      ])
    }
    case 'policies':
      return policies(request, statement.on ?? request.database)
    case 'measurements':
      return measurements(request, statement.on ?? request.database)
    case 'tag keys':
    case 'field keys':
    case 'tag values':
      return keys(request, statement)
    case 'select':
      return select(request, statement)
    case 'delete':
      return remove(request, statement)
    default:
      return { error: `not implemented: ${statement.name}` }
  }
}

/** Mappings of the token's organization whose bucket may be read. */
function visible({ state, caller }: Request): Mapping[] {
  return mappingsOf(state, caller.orgID ?? '').filter(({ bucketID, orgID }) =>
    caller.may(permission('read', 'buckets', { id: bucketID, orgID })),
  )
}

function result(series: readonly Series[]): Result {
  const filled = series.filter(({ values }) => values.length > 0)
  return filled.length > 0 ? { series: filled } : {}
}

const noDatabase = (name: string) => ({
  error: name ? `database not found: ${name}` : 'database name required',
})

function mappingFor(request: Request, source: Pick<Source, 'database' | 'rp'>): Mapping | undefined {
  const database = source.database ?? request.database
  const rp = source.rp ?? (source.database ? '' : request.rp)
  return visible(request).find(
    (each) => each.database === database && (rp ? each.retention_policy === rp : each.default),
  )
}

function policies(request: Request, database: string): Result {
  const values = visible(request)
    .filter((each) => each.database === database)
    .map((each) => [each.retention_policy, '0s', '168h0m0s', 1, each.default])
  const columns = ['name', 'duration', 'shardGroupDuration', 'replicaN', 'default']
  return values.length > 0 ? { series: [{ columns, values }] } : noDatabase(database)
}

function measurements(request: Request, database: string): Result {
  const mapping = mappingFor(request, { database, rp: undefined })
  if (!mapping) return noDatabase(database)
  const names = new Set((request.state.points.get(mapping.bucketID) ?? []).map((point) => point.measurement))
  return result([
    { name: 'measurements', columns: ['name'], values: [...names].sort().map((name) => [name]) },
  ])
}

type Keys = Extract<Statement, { key?: string }>

function keys(request: Request, statement: Keys): Result {
  const database = statement.on ?? request.database
  const mapping = mappingFor(request, { database, rp: undefined })
  if (!mapping) return noDatabase(database)
  const wanted = new Set(statement.sources.map(({ measurement }) => measurement))
  const points = (request.state.points.get(mapping.bucketID) ?? []).filter(
    ({ measurement }) => wanted.size === 0 || wanted.has(measurement),
  )
  const series = [...new Set(points.map(({ measurement }) => measurement))].sort().map((name) => {
    const own = points.filter(({ measurement }) => measurement === name)
    if (statement.kind === 'tag keys') {
      const names = new Set(own.flatMap(({ tags }) => Object.keys(tags)))
      return { name, columns: ['tagKey'], values: [...names].sort().map((key) => [key]) }
    }
    if (statement.kind === 'field keys') {
      const types = new Map(own.map(({ field, value }) => [field, typeOf(value)]))
      return { name, columns: ['fieldKey', 'fieldType'], values: [...types].sort() }
    }
    const { key = '' } = statement
    const found = new Set(own.map(({ tags }) => tags[key]).filter((value) => value !== undefined))
    return { name, columns: ['key', 'value'], values: [...found].sort().map((value) => [key, value]) }
  })
  return result(series)
}

type Select = Extract<Statement, { kind: 'select' }>

function select(request: Request, { columns, sources }: Select): Result {
  const points: Point[] = []
  for (const source of sources) {
    const mapping = mappingFor(request, source)
    if (!mapping) return noDatabase(source.database ?? request.database)
    const own = request.state.points.get(mapping.bucketID) ?? []
    points.push(...own.filter(({ measurement }) => measurement === source.measurement))
  }
  const series = [...new Set(points.map(({ measurement }) => measurement))].sort().map((name) => {
    const own = points.filter(({ measurement }) => measurement === name)
    const counted = /^count\((.*)\)$/i.exec(columns[0] ?? '')?.[1]
    if (counted) {
      const count = own.filter(({ field }) => field === counted || counted === '*').length
      return { name, columns: ['time', 'count'], values: [[timeText(0n, request.epoch), count]] }
    }
    return { name, ...table(own, columns, request.epoch) }
  })
  return result(series)
}

/** One row for each time and set of tags. */
function table(points: readonly Point[], columns: readonly string[], epoch: string): Omit<Series, 'name'> {
  const all = [...new Set(points.flatMap(({ tags, field }) => [...Object.keys(tags), field]))].sort()
  const names = columns.includes('*') ? all : columns
  const rows = new Map<string, { time: bigint; cells: Record<string, unknown> }>()
  for (const { tags, field, value, time } of points) {
    const key = `${time} ${JSON.stringify(tags)}`
    const row = rows.get(key) ?? { time, cells: { ...tags } }
    row.cells[field] = typeof value === 'bigint' ? Number(value) : value
    rows.set(key, row)
  }
  const values = [...rows.values()]
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .map(({ time, cells }) => [timeText(time, epoch), ...names.map((name) => cells[name] ?? null)])
  return { columns: ['time', ...names], values }
}

const DIVISORS: Readonly<Record<string, bigint>> = { ns: 1n, u: 1000n, ms: 1_000_000n, s: 1_000_000_000n }

function timeText(time: bigint, epoch: string): string | number {
  const divisor = DIVISORS[epoch]
  if (divisor) return Number(time / divisor)
  const text = new Date(Number(time / 1_000_000n)).toISOString()
  const fraction = (time % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '')
  return `${text.slice(0, 19)}${fraction && `.${fraction}`}Z`
}

type Delete = Extract<Statement, { kind: 'delete' }>

function remove(request: Request, { sources }: Delete): Result {
  const { state, caller } = request
  const mapping = mappingFor(request, { database: request.database, rp: undefined })
  if (!mapping) return noDatabase(request.database)
  const { bucketID, orgID } = mapping
  if (!caller.may(permission('write', 'buckets', { id: bucketID, orgID }))) {
    return { error: 'insufficient permissions' }
  }
  const gone = new Set(sources.map(({ measurement }) => measurement))
  const kept = (state.points.get(bucketID) ?? []).filter(({ measurement }) => !gone.has(measurement))
  state.points.set(bucketID, kept)
  return {}
}
