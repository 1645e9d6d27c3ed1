/**
 * Imports users, passwords, organizations, buckets and memberships. Existing records stay as they are; the report says
 * what was left out and why.
 */
import type { ID } from '../base/id.ts'
import { isBcrypt } from '../passwords/bcrypt.ts'
import { INSTANCE_ID, type Membership, type MembershipResource, type Role } from '../records/membership.ts'
import type { ForeignMembership } from './foreign-records.ts'
import { badName, came, DELETED_HERE, type ImportRun, keyOf, leaveOut, missing } from './import-run.ts'

/** In order of ids, so that of names that look alike the oldest user has the key. */
export async function importUsers(run: ImportRun): Promise<void> {
  const { users } = run.change
  await importEach(run, 'users', {
    records: run.foreign.users,
    present: (ids) => users.byIDs(ids),
    problemOf: ({ name }) => badName(run, name),
    async add(user) {
      const { id, name } = user
      const outcome = await users.addAlike(user)
      if (outcome === 'taken') return 'another user here has this name; rename one of them'
      if (outcome === 'added alike') {
        const why = 'another name looks the same, so they sign in with exactly this name only'
        run.report.remarks.push({ kind: 'users', id, name, why })
      }
      run.newUsers.add(id)
      return undefined
    },
  })
}

/** Only new users get their passwords: one that was changed here stays. */
export async function importPasswords(run: ImportRun): Promise<void> {
  const names = new Map(run.foreign.users.map(({ id, name }) => [id, name]))
  for (const [userID, hash] of run.foreign.passwords) {
    const record = { kind: 'passwords', id: userID, name: names.get(userID) ?? '' } as const
    const why = missing('user', userID, run.users)
    if (why !== undefined) leaveOut(run, record, why)
    else if (!run.newUsers.has(userID)) run.report.alreadyHere.passwords += 1
    else if (!isBcrypt(hash)) leaveOut(run, record, 'its hash is not bcrypt; reset the password')
    else {
      await run.change.passwords.set(userID, { hash, mustChange: false })
      run.report.came.passwords += 1
    }
  }
}

export async function importOrganizations(run: ImportRun): Promise<void> {
  const { organizations } = run.change
  await importEach(run, 'organizations', {
    records: run.foreign.organizations,
    present: (ids) => organizations.byIDs(ids),
    problemOf: ({ name }) => badName(run, name),
    add: async (organization) =>
      (await organizations.add(organization))
        ? undefined
        : 'another organization here has this name; rename one of them',
  })
}

export async function importBuckets(run: ImportRun): Promise<void> {
  const { buckets } = run.change
  await importEach(run, 'buckets', {
    records: run.foreign.buckets,
    present: (ids) => buckets.byIDs(ids),
    problemOf: ({ orgID, name }) => missing('organization', orgID, run.organizations) ?? badName(run, name),
    add: async (bucket) =>
      (await buckets.add(bucket)) ? undefined : 'its organization has another bucket of this name',
  })
}

/** Imports the records of a kind that others refer to, and notes what became of each. */
async function importEach<Each extends { readonly id: ID; readonly name: string }>(
  run: ImportRun,
  kind: 'users' | 'organizations' | 'buckets',
  steps: {
    readonly records: readonly Each[]
    present(ids: readonly ID[]): Promise<readonly { readonly id: ID }[]>
    /** Why a record must be left out; undefined if it may be added. */
    problemOf(record: Each): string | undefined
    /** Why the database did not take it; undefined if it did. */
    add(record: Each): Promise<string | undefined>
  },
): Promise<void> {
  const { records, present, problemOf, add } = steps
  const { here, leftOut } = run[kind]
  const known = new Set((await present(records.map(({ id }) => id))).map(({ id }) => id))
  for (const record of records) {
    const { id, name } = record
    if (known.has(id)) {
      here.add(id)
      run.report.alreadyHere[kind] += 1
      continue
    }
    const problem = run.before.has(keyOf(kind, id)) ? DELETED_HERE : problemOf(record)
    const why = problem ?? (await add(record))
    if (why === undefined) {
      here.add(id)
      came(run, { kind, id })
    } else {
      leftOut.add(id)
      leaveOut(run, { kind, id, name }, why)
    }
  }
}

export async function importMemberships(run: ImportRun): Promise<void> {
  const { change, foreign } = run
  const names = new Map(foreign.users.map(({ id, name }) => [id, name]))
  const held = new Map<ID, readonly Membership[]>()
  for (const membership of foreign.memberships) {
    const { userID, resourceID } = membership
    const known = knownMembership(membership)
    const key = `${resourceID}/${userID}`
    const record = { kind: 'memberships', id: resourceID, name: names.get(userID) ?? userID } as const
    const problem =
      known === undefined
        ? `Sluice keeps no members of ${membership.resourceType} as ${membership.role}; they stay in InfluxDB`
        : (missing('user', userID, run.users) ?? missingResource(run, known))
    if (known === undefined || problem !== undefined) {
      leaveOut(run, record, problem ?? '')
      continue
    }
    if (!run.newUsers.has(userID) && !held.has(userID))
      held.set(userID, await change.memberships.ofUser(userID))
    if (held.get(userID)?.some((each) => each.resourceID === resourceID)) {
      run.report.alreadyHere.memberships += 1
    } else if (run.before.has(keyOf('memberships', key))) {
      leaveOut(run, record, DELETED_HERE)
    } else if (await change.memberships.add(known)) {
      came(run, { kind: 'memberships', id: key })
    } else {
      run.report.alreadyHere.memberships += 1
    }
  }
}

const RESOURCES: ReadonlySet<string> = new Set(['orgs', 'buckets', 'instance'] satisfies MembershipResource[])
const ROLES: ReadonlySet<string> = new Set(['member', 'owner'] satisfies Role[])

function knownMembership({
  userID,
  resourceID,
  resourceType,
  role,
}: ForeignMembership): Membership | undefined {
  if (!RESOURCES.has(resourceType) || !ROLES.has(role)) return undefined
  return { userID, resourceID, resourceType: resourceType as MembershipResource, role: role as Role }
}

function missingResource(run: ImportRun, { resourceType, resourceID }: Membership): string | undefined {
  if (resourceType === 'orgs') return missing('organization', resourceID, run.organizations)
  if (resourceType === 'buckets') return missing('bucket', resourceID, run.buckets)
  return resourceID === INSTANCE_ID ? undefined : `there is no instance ${resourceID}`
}
