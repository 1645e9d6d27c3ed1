import { operatorPermissions } from '../access/grants.ts'
import type { RequestOrigin } from '../access/principal.ts'
import { chosenOperatorSecret } from '../authorizations/chosen-secret.ts'
import { newAuthorization } from '../authorizations/new-authorization.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid, unprocessable } from '../base/errors.ts'
import type { IDGenerator } from '../base/id.ts'
import { requireNameFits } from '../base/limits.ts'
import { checkBucketName } from '../buckets/bucket-name.ts'
import { newRetention, onlyRule } from '../buckets/retention.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { addOrganization, madeAlone } from '../organizations/organizations.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { Authorization } from '../records/authorization.ts'
import type { Bucket } from '../records/bucket.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import type { Organization } from '../records/organization.ts'
import type { UpstreamSetup, UpstreamSetupResult } from '../records/upstream.ts'
import type { User } from '../records/user.ts'
import { type SetupNames, setUpThere } from './setup-there.ts'

export interface SetupInput {
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly org?: string | undefined
  readonly bucket?: string | undefined
  /** How long the first bucket keeps its points, in seconds; 0 means forever. */
  readonly retentionPeriodSeconds?: number | undefined
  /** The operator token; a random one if missing or empty. */
  readonly token?: string | undefined
}

export interface SetupResult {
  readonly user: User
  readonly organization: Organization
  readonly bucket: Bucket
  readonly authorization: Authorization
  readonly token: string
}

export interface Setup {
  allowed(): Promise<boolean>
  /** Throws `invalid` for a name or password that `run` would refuse, and changes nothing. Only while setup is allowed. */
  check(input: { readonly username: string; readonly password: string }): Promise<void>
  /** Creates the first user, organization, bucket and operator token in one transaction, after upstream's. */
  run(input: SetupInput, origin: RequestOrigin): Promise<SetupResult>
}

export function createSetup(deps: {
  records: Pick<IdentityRecords, 'users' | 'organizations'>
  hasher: Pick<PasswordHasher, 'hash'>
  policy: PasswordPolicy
  ids: IDGenerator
  now: Clock
  mirror: Mirror
  /** Undefined if there is no upstream. */
  upstreamSetup: UpstreamSetup | undefined
  /** Allows setup more than once, for tests of clients. */
  alwaysAllow: boolean
}): Setup {
  const { ids } = deps

  async function allowed({ users, organizations }: Pick<IdentityRecords, 'users' | 'organizations'>) {
    return deps.alwaysAllow || ((await users.count()) === 0 && (await organizations.count()) === 0)
  }

  const done = () => conflict('setup-done', 'onboarding has already been completed')

  return {
    allowed: () => allowed(deps.records),

    async check({ username, password }) {
      if (!(await allowed(deps.records))) throw done()
      requireNameFits('a user', username)
      deps.policy.check(password, { userName: username })
    },

    async run(input, origin) {
      if (!(await allowed(deps.records))) throw done()
      const { username, org, bucket: bucketName } = required(input)
      requireNameFits('a user', username)
      requireNameFits('an organization', org)
      checkBucketName(bucketName)
      if (input.password) {
        deps.policy.check(input.password, { userName: username, organizationNames: [org] })
      }
      const chosenToken = input.token ? chosenOperatorSecret(input.token) : undefined
      const retention = newRetention(onlyRule([{ everySeconds: input.retentionPeriodSeconds }]))
      const hash = input.password ? await deps.hasher.hash(Buffer.from(input.password)) : undefined
      const at = new Date(deps.now()).toISOString()

      const firstBucket: SetupNames['bucket'] = {
        type: 'user',
        ...{ name: bucketName, description: '', retentionPolicy: '' },
        ...{ ...retention, createdAt: at, updatedAt: at },
      }

      return deps.mirror.create({
        alone: () => ({ userID: ids.next(), organization: madeAlone(ids, at), bucketID: ids.next() }),
        async here(change, made: UpstreamSetupResult) {
          // Checked again inside the transaction, so that only one of two concurrent setups succeeds.
          if (!(await allowed(change))) throw done()
          const user: User = { id: made.userID, name: username, status: 'active' }
          if (!(await change.users.add(user)))
            throw conflict('name-taken', `user with name ${username} already exists`)
          if (hash) await change.passwords.set(user.id, { hash, mustChange: false })
          await change.memberships.add({
            ...{ userID: user.id, resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' },
          })
          const input = { name: org, owner: user.id, made: made.organization, at }
          const organization = await addOrganization(change, input)
          const bucket: Bucket = { id: made.bucketID, orgID: organization.id, ...firstBucket }
          await change.buckets.add(bucket)
          const { authorization, token } = newAuthorization(
            {
              orgID: organization.id,
              userID: user.id,
              status: 'active',
              description: `${username}'s Token`,
              permissions: operatorPermissions(),
            },
            { id: ids.next(), at, chosenToken },
          )
          if (!(await change.authorizations.add(authorization))) throw invalid('unable to create token')
          change.affects(user.id)
          const target = { type: 'user', id: user.id, name: user.name, orgID: organization.id }
          change.records({ event: 'setup', target, origin, actor: { userID: user.id } })
          return { user, organization, bucket, authorization, token }
        },
        there(identities) {
          if (!deps.upstreamSetup) throw new Error('there is an upstream and no way to set it up')
          const sides = { identities, setup: deps.upstreamSetup }
          return setUpThere(sides, { username, org, bucket: firstBucket }, deps.alwaysAllow)
        },
        isKept: async ({ userID }) => (await deps.records.users.byID(userID)) !== undefined,
        // Without its first user upstream would refuse the token of the settings. The next setup takes all of it over.
        undo: async () => {},
      })
    },
  }
}

function required(input: SetupInput): { username: string; org: string; bucket: string } {
  const { username = '', org = '', bucket = '' } = input
  const missing = Object.entries({ username, org, bucket })
    .filter(([, value]) => value === '')
    .map(([name]) => name)
  if (missing.length > 0) {
    throw unprocessable(`onboarding failed: missing required fields [${missing.join(',')}]`)
  }
  return { username, org, bucket }
}
