/** The functions of Flux that change a stream of tables. */
import { InfluxError } from '../core/errors.ts'
import { absolute, START_OF_TIME } from './influxdb-functions.ts'
import {
  type Arguments,
  type Function_,
  type Row,
  type Scalar,
  Stream,
  type Table,
  type Time,
  type Value,
} from './values.ts'

/** `now` is the stop of a range without one. */
export function streamFunctions(now: Time): Readonly<Record<string, Function_>> {
  return {
    range: (given, piped) => range(given, piped, now),
    filter: ({ fn }, piped) =>
      eachTable(piped, (table) => ({ ...table, rows: table.rows.filter((r) => calls(fn, r) === true) })),
    map: ({ fn }, piped) =>
      eachTable(piped, (table) => {
        const rows = table.rows.map((r) => calls(fn, r) as Row)
        return { ...table, columns: Object.keys(rows[0] ?? {}), rows }
      }),
    limit: ({ n, offset = 0n }, piped) =>
      eachTable(piped, (table) => ({
        ...table,
        rows: table.rows.slice(Number(offset), Number(offset) + Number(n)),
      })),
    sort: ({ columns = ['_value'], desc }, piped) =>
      eachTable(piped, (table) => ({
        ...table,
        rows: sorted(table.rows, columns as string[], desc === true),
      })),
    first: (_, piped) => eachTable(piped, (table) => ({ ...table, rows: table.rows.slice(0, 1) })),
    last: (_, piped) => eachTable(piped, (table) => ({ ...table, rows: table.rows.slice(-1) })),
    keep: ({ columns }, piped) => only(piped, (name) => (columns as string[]).includes(name)),
    drop: ({ columns }, piped) => only(piped, (name) => !(columns as string[]).includes(name)),
    group: ({ columns = [] }, piped) => group(piped, columns as string[]),
    count: aggregate((values) => BigInt(values.length)),
    sum: aggregate(sumOf),
    mean: aggregate((values) => sumOf(values) / values.length),
    min: aggregate((values) => Math.min(...values.map(Number))),
    max: aggregate((values) => Math.max(...values.map(Number))),
    yield: ({ name = '_result' }, piped) => new Stream(streamOf(piped).tables, { name: String(name) }),
  }
}

function streamOf(piped: Value): Stream {
  if (piped instanceof Stream) return piped
  throw new InfluxError('invalid', 'error @1:1-1:1: missing pipe argument')
}

function calls(fn: Value, r: Row): Value {
  return (fn as Function_)({ r: r as Value }, undefined)
}

function eachTable(piped: Value, change: (table: Table) => Table): Stream {
  const { tables, unbounded, name } = streamOf(piped)
  return new Stream(tables.map(change), { unbounded, name })
}

function range({ start, stop }: Arguments, piped: Value, now: Time): Stream {
  const from = start === undefined ? START_OF_TIME : absolute(start, now)
  const to = stop === undefined ? now : absolute(stop, now)
  const { tables } = streamOf(piped)
  return new Stream(
    tables.map((table) => ({
      ...table,
      rows: table.rows
        .filter(({ _time }) => {
          const { nanoseconds } = _time as Time
          return nanoseconds >= from.nanoseconds && nanoseconds < to.nanoseconds
        })
        .map((row) => ({ ...row, _start: from, _stop: to })),
    })),
  )
}

function sorted(rows: readonly Row[], columns: readonly string[], isDescending: boolean): Row[] {
  const order = (a: Row, b: Row) => {
    for (const column of columns) {
      const [x, y] = [a[column] as string, b[column] as string]
      if (x !== y) return x < y ? -1 : 1
    }
    return 0
  }
  const ordered = rows.toSorted(order)
  return isDescending ? ordered.reverse() : ordered
}

function only(piped: Value, isKept: (name: string) => boolean): Stream {
  return eachTable(piped, ({ group, columns, rows }) => ({
    group: group.filter(isKept),
    columns: columns.filter(isKept),
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => isKept(name)))),
  }))
}

function group(piped: Value, by: readonly string[]): Stream {
  const { tables } = streamOf(piped)
  const columns = [...new Set(tables.flatMap((table) => table.columns))]
  const rows = tables.flatMap((table) => table.rows)
  const parts = Map.groupBy(rows, (row) => by.map((column) => String(row[column])).join('\0'))
  return new Stream([...parts.values()].map((part) => ({ group: by, columns, rows: part })))
}

function sumOf(values: readonly Scalar[]): number {
  return values.map(Number).reduce((sum, each) => sum + each, 0)
}

function aggregate(combine: (values: readonly Scalar[]) => Scalar): Function_ {
  return (_, piped) =>
    eachTable(piped, ({ group, rows }) => {
      const first = rows[0]
      if (!first) return { group, columns: [...group, '_value'], rows: [] }
      const kept = Object.fromEntries(group.map((name) => [name, first[name]]))
      const _value = combine(rows.map((row) => row._value))
      return { group, columns: [...group, '_value'], rows: [{ ...kept, _value }] }
    })
}
