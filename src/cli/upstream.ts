/** `sluice upstream`: shows and mends what differs between a running server and the InfluxDB behind it. */
import { ConfigurationError } from '../config/configuration-error.ts'
import { readSettings } from '../config/load.ts'
import { schema } from '../config/settings.ts'
import { boolean, choice } from '../config/shapes/setting.ts'
import type { DifferenceKind } from '../domain/upstream/differences.ts'
import type { Mending } from '../domain/upstream/mending.ts'
import type { Io } from './io.ts'
import { createRemote, remoteFlags } from './remote.ts'
import { jsonLine, table } from './table.ts'
import { type ShownTask, taskJson, taskText } from './task-findings.ts'

const jsonFlag = boolean({ name: 'json', default: false, about: 'One JSON object a line.' })

const statusFlags = [...remoteFlags, jsonFlag] as const

const repairFlags = [
  ...remoteFlags,
  choice({ name: 'from', values: ['here', 'upstream'], about: 'Whose records count.' }),
  boolean({
    name: 'delete',
    default: false,
    about: 'Also deletes users, organizations and buckets, with all data in them.',
  }),
  boolean({ name: 'dry-run', default: false, about: 'Changes nothing and shows what would be done.' }),
  jsonFlag,
] as const

const USAGE =
  'usage: sluice upstream status [--json], or sluice upstream repair --from here|upstream [--delete] [--dry-run] [--json]'

interface ShownSide {
  readonly id?: string
  readonly name?: string
  readonly status?: string
  readonly role?: string
  readonly description?: string
  readonly retentionSeconds?: number
}

interface ShownDifference {
  readonly type: string
  readonly kind: DifferenceKind
  readonly orgID?: string
  readonly userID?: string
  readonly resourceID?: string
  readonly here?: ShownSide
  readonly upstream?: ShownSide
}

interface ShownMending extends ShownDifference {
  readonly mending: Mending
  readonly reason?: string
}

export async function upstream(args: readonly string[], io: Io): Promise<number> {
  const [action, ...rest] = args
  if (action === 'status') return status(rest, io)
  if (action === 'repair') return repair(rest, io)
  throw new ConfigurationError(USAGE)
}

async function status(argv: readonly string[], io: Io): Promise<number> {
  const { settings } = readSettings([...schema, ...statusFlags] as const, { argv, ...io })
  const path = '/api/v2/upstream/differences'
  const { differences, tasks } = await createRemote(settings).get<{
    differences: ShownDifference[]
    tasks: ShownTask[]
  }>(path)
  if (settings.json) for (const each of differences) io.stdout.write(jsonLine(each))
  else if (differences.length === 0) io.stdout.write('Both sides have the same records.\n')
  else io.stdout.write(table<ShownDifference>(COLUMNS, differences))
  io.stdout.write(settings.json ? taskJson(tasks) : taskText(tasks))
  return 0
}

async function repair(argv: readonly string[], io: Io): Promise<number> {
  const { settings } = readSettings([...schema, ...repairFlags] as const, { argv, ...io })
  const { from, delete: deletes, dryRun, json } = settings
  if (from === undefined) throw new ConfigurationError(USAGE)
  const { mended, left } = await createRemote(settings).post<{
    mended: ShownMending[]
    left: ShownMending[]
  }>('/api/v2/upstream/repair', { from, delete: deletes, dryRun })
  if (json) {
    for (const each of mended) io.stdout.write(jsonLine({ ...each, done: !dryRun }))
    for (const each of left) io.stdout.write(jsonLine({ ...each, done: false }))
  } else {
    if (mended.length + left.length === 0) io.stdout.write('Both sides have the same records.\n')
    if (mended.length > 0) {
      io.stdout.write(dryRun ? 'Would be done:\n' : 'Done:\n')
      io.stdout.write(table<ShownMending>(DONE_COLUMNS, mended))
    }
    if (left.length > 0) {
      io.stdout.write('Left as it is:\n')
      io.stdout.write(table<ShownMending>({ ...COLUMNS, reason: ({ reason = '' }) => reason }, left))
    }
  }
  return left.length > 0 ? 1 : 0
}

const KINDS: Readonly<Record<DifferenceKind, string>> = {
  'here-only': 'made here only',
  'upstream-only': 'made there only',
  'other-id': 'other id',
  'other-name': 'other name',
  'other-status': 'other status',
  'other-role': 'other role',
  'other-details': 'other details',
}

const MENDINGS: Readonly<Record<Mending, string>> = {
  'add-here': 'added here',
  'change-here': 'changed here',
  'remove-here': 'removed here',
  'new-id-here': 'new id here',
  'add-upstream': 'added upstream',
  'change-upstream': 'changed upstream',
  'remove-upstream': 'removed upstream',
}

const COLUMNS = {
  difference: ({ kind }: ShownDifference) => KINDS[kind] ?? kind,
  type: ({ type }: ShownDifference) => type,
  id: ({ here, upstream, userID, resourceID }: ShownDifference) =>
    userID === undefined ? ((here ?? upstream)?.id ?? '') : `${userID} in ${resourceID}`,
  here: ({ kind, here }: ShownDifference) => sideText(kind, here),
  upstream: ({ kind, upstream }: ShownDifference) => sideText(kind, upstream),
}

const DONE_COLUMNS = { mended: ({ mending }: ShownMending) => MENDINGS[mending] ?? mending, ...COLUMNS }

/** What differs, with the name beside it. */
function sideText(kind: DifferenceKind, side: ShownSide | undefined): string {
  if (!side) return '-'
  const { id = '', name = '', status = '', role = '', description = '', retentionSeconds } = side
  if (kind === 'other-id') return `${name} (${id})`
  if (kind === 'other-status') return `${name} (${status})`
  if (role !== '') return role
  if (kind !== 'other-details') return name
  const kept = retentionSeconds === undefined ? '' : `kept ${retentionSeconds} s, `
  return `${name} (${kept}"${description}")`
}
