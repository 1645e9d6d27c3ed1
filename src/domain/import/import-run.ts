/** What the steps of an import share. */
import type { ID } from '../base/id.ts'
import type { Change } from '../changes.ts'
import type { ForeignRecords } from './foreign-records.ts'
import type { createImportReport, ImportKind, ImportNote } from './import-report.ts'

/** Which foreign records of one kind, to which others refer, were imported and which were left out. */
export interface Fates {
  /** Records that are here now, whether they came or were here before. */
  readonly here: Set<ID>
  /** Records of the other server that are left out. */
  readonly leftOut: Set<ID>
}

export interface ImportRun {
  readonly change: Change
  readonly foreign: ForeignRecords
  /** Whether there was data before, with which records may conflict. */
  readonly adds: boolean
  /** In bytes, as far as the database can index names; undefined for any. */
  readonly longestName: number | undefined
  readonly report: ReturnType<typeof createImportReport>
  readonly users: Fates
  readonly organizations: Fates
  readonly buckets: Fates
  /** The users who came with this import. */
  readonly newUsers: Set<ID>
  /** Keys of `ImportedRecordStore`: of earlier imports, and of what came now. */
  readonly before: ReadonlySet<string>
  readonly now: string[]
}

/** The key by which `ImportedRecordStore` knows a record. */
export function keyOf(kind: ImportKind, id: string): string {
  return `${kind}/${id}`
}

export const DELETED_HERE = 'it was deleted here after an earlier import'

/** Why a record is left out whose user or the like is not here; undefined if that is here. */
export function missing(what: string, id: ID, { here, leftOut }: Fates): string | undefined {
  if (here.has(id)) return undefined
  return leftOut.has(id) ? `its ${what} ${id} is left out` : `its ${what} ${id} does not exist`
}

/** Why a record with this name cannot be stored; undefined if it can. */
export function badName({ longestName }: Pick<ImportRun, 'longestName'>, name: string): string | undefined {
  if (name === '') return 'its name is empty'
  if (longestName === undefined || Buffer.byteLength(name) <= longestName) return undefined
  return `its name has more than ${longestName} bytes, which PostgreSQL cannot index`
}

export interface Imported {
  readonly kind: ImportKind
  readonly id: string
  readonly name: string
}

/** Notes that a record came. */
export function came(run: ImportRun, { kind, id }: Pick<Imported, 'kind' | 'id'>): void {
  run.report.came[kind] += 1
  run.now.push(keyOf(kind, id))
}

/** Notes that a record is left out. */
export function leaveOut(run: ImportRun, record: Omit<ImportNote, 'why'>, why: string): void {
  run.report.leftOut.push({ kind: record.kind, id: record.id, name: record.name, why })
}
