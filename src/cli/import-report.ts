/** The report of an import, as text and as JSON. */
import {
  IMPORT_KINDS,
  type ImportKind,
  type ImportNote,
  type ImportReport,
  inWords,
} from '../domain/import/import-report.ts'
import { PLAIN, type Screen } from './terminal/screen.ts'
import { type Columns, jsonLine, table } from './terminal/table.ts'

interface PrintedReport extends ImportReport {
  readonly dryRun: boolean
  /** Where the data is, in words. */
  readonly about: string
}

/** One line of JSON with every record that is left out. */
export function importJson({ dryRun, came, alreadyHere, leftOut, remarks }: PrintedReport): string {
  return jsonLine({ dryRun, came, alreadyHere, leftOut, remarks })
}

const KINDS = Object.entries(IMPORT_KINDS) as [ImportKind, string][]

/** A table of all kinds, and one line for each record that is left out or comes with a remark. */
export function importText(report: PrintedReport, screen: Screen = PLAIN): string {
  const { came, alreadyHere, leftOut, remarks, dryRun, about } = report
  const leftOutOf = (kind: ImportKind) => leftOut.filter((note) => note.kind === kind).length
  const counts = table(
    {
      '': ([, label]: [ImportKind, string]) => label,
      [dryRun ? 'would come' : 'came']: ([kind]) => String(came[kind]),
      'already here': ([kind]) => String(alreadyHere[kind]),
      'left out': ([kind]) => String(leftOutOf(kind)),
    },
    KINDS,
    screen,
  )
  const done = dryRun
    ? `This was a dry run: nothing was changed. The import would add ${inWords(came)}.`
    : `Imported ${inWords(came)}; ${about}.`
  return `${counts}${notes('Left out', leftOut, screen)}${notes('Remarks', remarks, screen)}\n${done}\n`
}

/** The most records listed for one reason; `--json` lists all. */
const MOST_OF_A_REASON = 20

function notes(title: string, all: readonly ImportNote[], screen: Screen): string {
  if (all.length === 0) return ''
  const counts = new Map<string, number>()
  // The same reason about other ids is the same.
  const reasonOf = ({ kind, why }: ImportNote) => `${kind} ${why.replaceAll(/[0-9a-f]{16}/g, '')}`
  const shown = all.filter((note) => {
    const count = (counts.get(reasonOf(note)) ?? 0) + 1
    counts.set(reasonOf(note), count)
    return count <= MOST_OF_A_REASON
  })
  const rest = all.length - shown.length
  const more = rest === 0 ? '' : `and ${rest} more for the same reasons; --json lists all\n`
  const columns: Columns<ImportNote> = {
    kind: ({ kind }: ImportNote) => (kind in IMPORT_KINDS ? IMPORT_KINDS[kind as ImportKind] : kind),
    id: { cell: ({ id }) => id, fit: 'keep' },
    name: ({ name }: ImportNote) => shortened(name),
    why: { cell: ({ why }) => why, fit: 'wrap' },
  }
  return `\n${title}:\n${table(columns, shown, screen)}${more}`
}

/** In UTF-16 units: longer names would break the table. */
const LONGEST_CELL = 60

function shortened(name: string): string {
  if (name.length <= LONGEST_CELL) return name
  return `${name.slice(0, LONGEST_CELL - 3).replace(/[\ud800-\udbff]$/, '')}...`
}
