/** Users, organizations, buckets and memberships of InfluxDB 2. */
import type { ID } from '../../domain/base/id.ts'
import { inLanes } from '../../domain/base/in-lanes.ts'
import type { Bucket } from '../../domain/records/bucket.ts'
import type { Membership, Role } from '../../domain/records/membership.ts'
import type { CreatedOrganization, UpstreamIdentities } from '../../domain/records/upstream.ts'
import { bucketOf, idOf, listOf, organizationOf, userOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'
import { strangeAnswer } from './failure.ts'
import { mappingsOf } from './mappings.ts'
import { stopTasksOf } from './tasks.ts'

const USERS = '/api/v2/users'
const ORGS = '/api/v2/orgs'
const BUCKETS = '/api/v2/buckets'
/** The most that InfluxDB gives in one answer. */
const PAGE = 100
/** How many lists of members are asked for at one time. */
const LANES = 8

type Client = Pick<Influxdb2Client, 'send' | 'find'>
type Resource = Pick<Membership, 'resourceType' | 'resourceID'>

export function createInfluxdb2Identities(client: Client): UpstreamIdentities {
  const { send, find } = client
  return {
    async createUser(user) {
      return idOf(await send('POST', USERS, { json: user }))
    },
    async updateUser({ id, name, status }) {
      await send('PATCH', `${USERS}/${id}`, { json: { name, status } })
    },
    async removeUser(id) {
      await find('DELETE', `${USERS}/${id}`)
    },
    stopTasksOf: (userID) => stopTasksOf(client, userID),
    createOrganization: (wanted) => createOrganization(client, wanted),
    async updateOrganization({ id, name, description }) {
      await send('PATCH', `${ORGS}/${id}`, { json: { name, description } })
    },
    async removeOrganization(id) {
      await find('DELETE', `${ORGS}/${id}`)
    },
    async createBucket({ orgID, name, description, retentionPolicy, ...retention }) {
      const rp = retentionPolicy === '' ? {} : { rp: retentionPolicy }
      const json = { orgID, name, description, ...rp, ...rulesOf(retention) }
      return idOf(await send('POST', BUCKETS, { json }))
    },
    async updateBucket({ id, name, description, ...retention }) {
      await send('PATCH', `${BUCKETS}/${id}`, { json: { name, description, ...rulesOf(retention) } })
    },
    async removeBucket(id) {
      await find('DELETE', `${BUCKETS}/${id}`)
    },
    addMembership: (membership) => addMembership(client, membership),
    async removeMembership(membership) {
      await find('DELETE', `${membersPath(membership, 'member')}/${membership.userID}`)
    },
    async list() {
      const [users, organizations, buckets] = await Promise.all([
        pages(client, USERS, 'users', (last) => ({ after: last })),
        // InfluxDB knows no `after` for organizations.
        pages(client, ORGS, 'orgs', (_last, read) => ({ offset: read })),
        pages(client, BUCKETS, 'buckets', (last) => ({ after: last })),
      ])
      return {
        users: users.map(userOf),
        organizations: organizations.map(organizationOf),
        buckets: buckets.map(bucketOf),
        operatorID: await operatorID(client),
      }
    },
    mappingsOf: (organizations) => mappingsOf(client, organizations),
    async membershipsOf(resources) {
      const found: Membership[] = []
      await inLanes(resources, LANES, async (resource) => {
        found.push(...(await membersOf(client, resource)))
      })
      return found
    },
  }
}

function rulesOf({
  retentionSeconds,
  shardGroupSeconds,
}: Pick<Bucket, 'retentionSeconds' | 'shardGroupSeconds'>) {
  return {
    retentionRules: [
      { type: 'expire', everySeconds: retentionSeconds, shardGroupDurationSeconds: shardGroupSeconds },
    ],
  }
}

/** InfluxDB makes the user of the token the owner of every organization that it makes, which no caller asked for. */
async function createOrganization(
  client: Client,
  { name, description }: { name: string; description: string },
): Promise<CreatedOrganization> {
  const id = idOf(await client.send('POST', ORGS, { json: { name, description } }))
  try {
    const resource = { resourceType: 'orgs', resourceID: id } as const
    for (const { userID } of await membersOf(client, resource)) {
      await client.find('DELETE', `${membersPath(resource, 'owner')}/${userID}`)
    }
    return { id, buckets: await bucketsOf(client, id) }
  } catch (error) {
    // Without its buckets it cannot be kept here. If it stays there, the comparison names it.
    await client.find('DELETE', `${ORGS}/${id}`).catch(() => undefined)
    throw error
  }
}

/** The system buckets of a new organization, or all buckets of a small one: up to a hundred. */
export async function bucketsOf({ send }: Pick<Client, 'send'>, orgID: ID): Promise<Bucket[]> {
  const answer = await send('GET', BUCKETS, { query: { orgID, limit: PAGE } })
  return listOf(answer, 'buckets').map(bucketOf)
}

async function addMembership(client: Client, membership: Membership): Promise<void> {
  const { userID, role } = membership
  const present = (await membersOf(client, membership)).find((each) => each.userID === userID)
  if (present?.role === role) return
  // InfluxDB knows one role of a user in a resource, and no way to change it.
  if (present) await client.find('DELETE', `${membersPath(present, present.role)}/${userID}`)
  try {
    await client.send('POST', membersPath(membership, role), { json: { id: userID } })
  } catch (error) {
    if (present) {
      const before = membersPath(present, present.role)
      await client.send('POST', before, { json: { id: userID } }).catch(() => undefined)
    }
    throw error
  }
}

/** The memberships of a resource; none if it does not exist. */
async function membersOf({ find }: Client, { resourceType, resourceID }: Resource): Promise<Membership[]> {
  const found: Membership[] = []
  for (const role of ['owner', 'member'] as const) {
    const answer = await find('GET', membersPath({ resourceType, resourceID }, role))
    for (const user of answer === undefined ? [] : listOf(answer, 'users')) {
      found.push({ userID: idOf(user), resourceType, resourceID, role })
    }
  }
  return found
}

function membersPath({ resourceType, resourceID }: Resource, role: Role): string {
  return `/api/v2/${resourceType}/${resourceID}/${role}s`
}

async function operatorID({ find }: Client): Promise<ID | undefined> {
  const me = await find('GET', '/api/v2/me')
  return me === undefined ? undefined : idOf(me)
}

/** Everything in a list. `next` says how to ask for what follows the last of those read. */
async function pages(
  { send }: Client,
  path: string,
  name: string,
  next: (last: ID, read: number) => Readonly<Record<string, string | number>>,
): Promise<unknown[]> {
  const all: unknown[] = []
  const last = new Set<ID>()
  for (let from = {}; ; ) {
    const page = listOf(await send('GET', path, { query: { limit: PAGE, ...from } }), name)
    all.push(...page)
    // Something that does not know pages sends everything at once.
    if (page.length !== PAGE) return all
    const id = idOf(page.at(-1))
    if (last.has(id)) throw strangeAnswer(`upstream sends the same page of ${name} again`)
    last.add(id)
    from = next(id, all.length)
  }
}
