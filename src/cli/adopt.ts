/** `sluice upstream adopt`: shows which databases behind a running server have no bucket and, if asked, makes the buckets. */
import { boolean } from '../config/shapes/setting.ts'
import { command, type Invocation } from './frame/command.ts'
import { createRemote, REMOTE_SETTINGS, remoteFlags } from './remote/remote.ts'
import { jsonFlag } from './resources/output.ts'
import { screenOf } from './terminal/screen.ts'
import { jsonLine, table } from './terminal/table.ts'

const FLAGS = [
  boolean({ name: 'yes', default: false, about: 'Makes the buckets; without it they are only shown.' }),
  jsonFlag,
  ...remoteFlags,
] as const

export const adoptCommand = command({
  name: 'upstream adopt',
  about: 'Make buckets of databases behind a running server that have none',
  details: 'Exit status 1 says that a database cannot become a bucket.',
  flags: FLAGS,
  settings: REMOTE_SETTINGS,
  example: 'sluice upstream adopt --yes',
  run: adopt,
})

export interface ShownDatabase {
  readonly name: string
  readonly orgID: string
  readonly org: string
  readonly retentionSeconds: number
  readonly reason?: string
}

async function adopt(invocation: Invocation<typeof FLAGS>): Promise<number> {
  const { flags, io } = invocation
  const { yes, json } = flags
  const { databases } = await createRemote(invocation).post<{ databases: ShownDatabase[] }>(
    '/api/v2/upstream/adopt',
    { dryRun: !yes },
  )
  if (json) for (const each of databases) io.stdout.write(jsonLine({ ...each, done: yes && !each.reason }))
  else if (databases.length === 0) io.stdout.write('Every database has its bucket.\n')
  else {
    io.stdout.write(yes ? 'Buckets were made of:\n' : 'Would become buckets (with --yes):\n')
    io.stdout.write(table(DATABASE_COLUMNS, databases, screenOf(io)))
  }
  return databases.some(({ reason }) => reason !== undefined) ? 1 : 0
}

export const DATABASE_COLUMNS = {
  bucket: ({ name }: ShownDatabase) => name,
  organization: ({ org }: ShownDatabase) => org,
  kept: ({ retentionSeconds }: ShownDatabase) =>
    retentionSeconds === 0 ? 'for ever' : `${retentionSeconds} s`,
  'left out': ({ reason = '' }: ShownDatabase) => reason,
}
