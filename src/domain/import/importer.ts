import type { DoneEvent } from '../audit/done-event.ts'
import { unprocessable } from '../base/errors.ts'
import type { Change, Changes } from '../changes.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import { checkTasks } from './check-tasks.ts'
import type { ForeignRecords } from './foreign-records.ts'
import {
  importBuckets,
  importMemberships,
  importOrganizations,
  importPasswords,
  importUsers,
} from './import-identities.ts'
import { createImportReport, type ImportReport, inWords } from './import-report.ts'
import { importDbrpMappings, importLegacyAuthorizations, importTokens } from './import-rights.ts'
import { type Fates, type ImportRun, keyOf } from './import-run.ts'

export interface ImportOptions {
  /** Whether to add new records to existing data; otherwise only an empty store is filled. */
  readonly add: boolean
  /** Whether to roll everything back at the end, for the report alone. */
  readonly dryRun: boolean
}

export interface Importer {
  /**
   * Imports records in one change: all or nothing. Existing records are never changed or deleted, and records that
   * were deleted here after an earlier import stay deleted. Throws `unprocessable entity` if there is data and `add`
   * is not set.
   */
  run(foreign: ForeignRecords, options: ImportOptions): Promise<ImportReport>
}

/** Thrown to roll a dry run back. */
const TAKEN_BACK = new Error('a dry run keeps nothing')

export function createImporter(deps: {
  changes: Changes
  /** In bytes; see `IdentityStore`. */
  longestName: number | undefined
  /** The command, for the audit log. Who ran it is not known here. */
  origin: NonNullable<DoneEvent['origin']>
}): Importer {
  const { changes, longestName, origin } = deps

  return {
    async run(foreign, { add, dryRun }) {
      const report = createImportReport()
      try {
        await changes(async (change) => {
          const isEmpty = (await change.users.count()) === 0 && (await change.organizations.count()) === 0
          if (!isEmpty && !add) {
            throw unprocessable(
              'there are users or organizations already; with --add the import adds what is new and changes nothing else',
            )
          }
          const before = await change.importedRecords.among(keysOf(foreign))
          const shared = { change, foreign, longestName, report, before, adds: !isEmpty }
          await importAll({
            ...shared,
            ...{ users: fates(), organizations: fates(), buckets: fates(), newUsers: new Set(), now: [] },
          })
          change.affectsEverybody()
          const target = { type: 'import', name: inWords(report.came) }
          change.records({ event: 'import', target, origin, actor: {} })
          if (dryRun) throw TAKEN_BACK
        })
      } catch (error) {
        if (error !== TAKEN_BACK) throw error
      }
      return report
    },
  }
}

async function importAll(run: ImportRun): Promise<void> {
  await importUsers(run)
  await importPasswords(run)
  await importOrganizations(run)
  await importBuckets(run)
  await importMemberships(run)
  await importTokens(run)
  await importLegacyAuthorizations(run)
  await importDbrpMappings(run)
  await checkTasks(run)
  await run.change.importedRecords.note(run.now)
  await remarkOnOperators(run.change, run.report)
}

async function remarkOnOperators(
  { memberships }: Change,
  { remarks }: ReturnType<typeof createImportReport>,
): Promise<void> {
  const owners = (await memberships.ofResource(INSTANCE_ID)).filter(({ role }) => role === 'owner')
  if (owners.length > 0) return
  const why =
    'no user owns the instance; sluice recovery user update --username NAME --operator makes an operator'
  remarks.push({ kind: 'instance', id: INSTANCE_ID, name: '', why })
}

const fates = (): Fates => ({ here: new Set(), leftOut: new Set() })

function keysOf(foreign: ForeignRecords): string[] {
  const kinds = [
    'users',
    'organizations',
    'buckets',
    'tokens',
    'legacyAuthorizations',
    'dbrpMappings',
  ] as const
  return [
    ...kinds.flatMap((kind) => foreign[kind].map(({ id }) => keyOf(kind, id))),
    ...foreign.memberships.map(({ resourceID, userID }) => keyOf('memberships', `${resourceID}/${userID}`)),
  ]
}
