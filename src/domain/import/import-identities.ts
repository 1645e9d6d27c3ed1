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
  const { change, foreign, users } = run
  const present = new Set((await change.users.byIDs(foreign.users.map(({ id }) => id))).map(({ id }) => id))
  for (const user of foreign.users) {
    run.step()
    const record = { kind: 'users', id: user.id, name: user.name } as const
    if (present.has(user.id)) {
      users.here.add(user.id)
      run.report.alreadyHere.users += 1
      continue
    }
    const why = run.before.has(keyOf('users', user.id)) ? DELETED_HERE : badName(run, user.name)
    const outcome = why === undefined ? await change.users.addAlike(user) : 'left out'
    if (outcome === 'left out' || outcome === 'taken') {
      users.leftOut.add(user.id)
      leaveOut(run, record, why ?? 'another user here has this name; rename one of them')
      continue
    }
    if (outcome === 'added alike') {
      const remark = 'another name looks the same, so they sign in with exactly this name only'
      run.report.remarks.push({ ...record, why: remark })
    }
    users.here.add(user.id)
    run.newUsers.add(user.id)
    came(run, record)
  }
}

/** Only new users get their passwords: one that was changed here stays. */
export async function importPasswords(run: ImportRun): Promise<void> {
  const names = new Map(run.foreign.users.map(({ id, name }) => [id, name]))
  for (const [userID, hash] of run.foreign.passwords) {
    run.step()
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
  const { change, foreign, organizations } = run
  const ids = foreign.organizations.map(({ id }) => id)
  const present = new Set((await change.organizations.byIDs(ids)).map(({ id }) => id))
  for (const organization of foreign.organizations) {
    run.step()
    const { id, name } = organization
    const record = { kind: 'organizations', id, name } as const
    if (present.has(id)) {
      organizations.here.add(id)
      run.report.alreadyHere.organizations += 1
      continue
    }
    let why = run.before.has(keyOf('organizations', id)) ? DELETED_HERE : badName(run, name)
    if (why === undefined && !(await change.organizations.add(organization))) {
      why = 'another organization here has this name; rename one of them'
    }
    if (why === undefined) {
      organizations.here.add(id)
      came(run, record)
    } else {
      organizations.leftOut.add(id)
      leaveOut(run, record, why)
    }
  }
}

export async function importBuckets(run: ImportRun): Promise<void> {
  const { change, foreign, buckets } = run
  const present = new Set(
    (await change.buckets.byIDs(foreign.buckets.map(({ id }) => id))).map(({ id }) => id),
  )
  for (const bucket of foreign.buckets) {
    run.step()
    const { id, name, orgID } = bucket
    const record = { kind: 'buckets', id, name } as const
    if (present.has(id)) {
      buckets.here.add(id)
      run.report.alreadyHere.buckets += 1
      continue
    }
    let why = run.before.has(keyOf('buckets', id))
      ? DELETED_HERE
      : (missing('organization', orgID, run.organizations) ?? badName(run, name))
    if (why === undefined && !(await change.buckets.add(bucket))) {
      why = 'its organization has another bucket of this name'
    }
    if (why === undefined) {
      buckets.here.add(id)
      came(run, record)
    } else {
      buckets.leftOut.add(id)
      leaveOut(run, record, why)
    }
  }
}

export async function importMemberships(run: ImportRun): Promise<void> {
  const { change, foreign } = run
  const names = new Map(foreign.users.map(({ id, name }) => [id, name]))
  const held = new Map<ID, readonly Membership[]>()
  for (const membership of foreign.memberships) {
    run.step()
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
