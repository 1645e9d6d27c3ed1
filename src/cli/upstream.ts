/** `sluice upstream`: shows and mends what differs between a running server and its upstreams. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { boolean, choice } from '../config/shapes/setting.ts'
import type { DifferenceKind } from '../domain/upstream/differences.ts'
import type { Mending } from '../domain/upstream/mending.ts'
import { adoptCommand, DATABASE_COLUMNS, type ShownDatabase } from './adopt.ts'
import { command, type Invocation } from './frame/command.ts'
import { createRemote, REMOTE_SETTINGS, remoteFlags } from './remote/remote.ts'
import { jsonFlag } from './resources/output.ts'
import { type ShownTask, taskJson, taskText } from './task-findings.ts'
import { confirmed, yesFlag } from './terminal/confirm.ts'
import { screenOf } from './terminal/screen.ts'
import { type Columns, jsonLine, table } from './terminal/table.ts'

const statusFlags = [jsonFlag, ...remoteFlags] as const

const repairFlags = [
  choice({ name: 'from', values: ['here', 'upstream'], about: 'Whose records count.' }),
  boolean({
    name: 'delete',
    default: false,
    about: 'Also deletes users, organizations and buckets, with all data in them.',
  }),
  boolean({ name: 'dry-run', default: false, about: 'Changes nothing and shows what would be done.' }),
  yesFlag,
  jsonFlag,
  ...remoteFlags,
] as const

const statusCommand = command({
  name: 'upstream status',
  about: 'Show what differs between a running server and the InfluxDB behind it',
  flags: statusFlags,
  settings: REMOTE_SETTINGS,
  example: 'sluice upstream status --json',
  run: status,
})

const repairCommand = command({
  name: 'upstream repair',
  about: 'Mend what differs between a running server and the InfluxDB behind it',
  details: 'Exit status 1 says that differences are left.',
  flags: repairFlags,
  settings: REMOTE_SETTINGS,
  example: 'sluice upstream repair --from here --dry-run',
  run: repair,
})

export const upstreamCommands = [statusCommand, repairCommand, adoptCommand]

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

async function status(invocation: Invocation<typeof statusFlags>): Promise<number> {
  const { flags, io } = invocation
  const path = '/api/v2/upstream/differences'
  const { differences, tasks, databases } = await createRemote(invocation).get<{
    differences: ShownDifference[]
    tasks: ShownTask[]
    databases: ShownDatabase[]
  }>(path)
  if (flags.json) for (const each of differences) io.stdout.write(jsonLine(each))
  else if (differences.length === 0) io.stdout.write('Both sides have the same records.\n')
  else io.stdout.write(table(COLUMNS, differences, screenOf(io)))
  io.stdout.write(flags.json ? taskJson(tasks) : taskText(tasks, screenOf(io)))
  if (flags.json) for (const each of databases) io.stdout.write(jsonLine({ ...each, type: 'database' }))
  else if (databases.length > 0) {
    io.stdout.write('Databases without a bucket, which sluice upstream adopt --yes makes:\n')
    io.stdout.write(table(DATABASE_COLUMNS, databases, screenOf(io)))
  }
  return 0
}

async function repair(invocation: Invocation<typeof repairFlags>): Promise<number> {
  const { flags, io } = invocation
  const { from, delete: deletes, dryRun, json, yes } = flags
  if (from === undefined) {
    throw new ConfigurationError('--from must say whose records count: --from here, or --from upstream')
  }
  const remote = createRemote(invocation)
  if (deletes && !dryRun) {
    const where = from === 'here' ? 'upstream' : 'here'
    // Scripts say what they want by --delete.
    await confirmed(io, `Delete what is only ${where}, with all data in it?`, yes || !io.stdin.isTTY)
  }
  const screen = screenOf(io)
  const { mended, left } = await remote.post<{
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
      io.stdout.write(table(DONE_COLUMNS, mended, screen))
    }
    if (left.length > 0) {
      io.stdout.write('Left as it is:\n')
      io.stdout.write(table(LEFT_COLUMNS, left, screen))
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

const COLUMNS: Columns<ShownDifference> = {
  difference: ({ kind }: ShownDifference) => KINDS[kind] ?? kind,
  type: ({ type }: ShownDifference) => type,
  id: ({ here, upstream, userID, resourceID }: ShownDifference) =>
    userID === undefined ? ((here ?? upstream)?.id ?? '') : `${userID} in ${resourceID}`,
  here: ({ kind, here }: ShownDifference) => sideText(kind, here),
  upstream: ({ kind, upstream }: ShownDifference) => sideText(kind, upstream),
}

const DONE_COLUMNS: Columns<ShownMending> = {
  mended: ({ mending }: ShownMending) => MENDINGS[mending] ?? mending,
  ...(COLUMNS as Columns<ShownMending>),
}
const LEFT_COLUMNS: Columns<ShownMending> = {
  ...(COLUMNS as Columns<ShownMending>),
  reason: { cell: ({ reason = '' }) => reason, fit: 'wrap' },
}

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
