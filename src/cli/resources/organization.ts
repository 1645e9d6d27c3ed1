/** `sluice org`: the organizations of a running server, and who belongs to them. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { choice, text } from '../../config/shapes/setting.ts'
import { idIn } from '../../domain/base/id.ts'
import { command } from '../frame/command.ts'
import { createRemote, REMOTE_SETTINGS, type Remote, readAll, remoteFlags } from '../remote/remote.ts'
import { confirmed, yesFlag } from '../terminal/confirm.ts'
import { CommandFailure } from '../terminal/failure.ts'
import { type Columns, escaped } from '../terminal/table.ts'
import { findOrganization, findUser, type ListedOrganization, type NamedRecord } from './lookup.ts'
import { jsonFlag, printList, printOne, quietFlag } from './output.ts'
import { MEMBER_COLUMNS, membersOf } from './user.ts'

const ORG = { name: 'ORG', about: 'The name or the id of the organization.' } as const
const USER = { name: 'USER', about: 'The name or the id of the user.' } as const
const descriptionFlag = text({ name: 'description', about: 'What it is for.' })

const COLUMNS: Columns<ListedOrganization> = {
  id: { cell: ({ id }) => id, fit: 'keep' },
  name: ({ name }) => name,
  description: { cell: ({ description }) => description, optional: 1 },
}

const list = command({
  name: 'org list',
  about: 'List the organizations that the token may read',
  flags: [jsonFlag, quietFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice org list --json',
  async run(invocation) {
    const rows = await readAll<ListedOrganization>(createRemote(invocation), '/api/v2/orgs', 'orgs')
    const none = 'this token may read no organization'
    printList(invocation.io, invocation.flags, { rows, columns: COLUMNS, none })
    return 0
  },
})

const create = command({
  name: 'org create',
  about: 'Create an organization, which the user of the token then owns',
  args: [{ name: 'NAME', about: 'The name of the new organization.' }],
  flags: [descriptionFlag, jsonFlag, quietFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice org create factory-floor',
  async run(invocation) {
    const { flags, args, io } = invocation
    const body = { name: args[0], description: flags.description }
    const made = await createRemote(invocation).post<ListedOrganization>('/api/v2/orgs', body)
    printOne(io, flags, made, `Created the organization ${escaped(made.name)} with the id ${made.id}.\n`)
    return 0
  },
})

const update = command({
  name: 'org update',
  about: 'Rename or describe an organization',
  args: [ORG],
  flags: [
    text({ name: 'name', placeholder: 'NAME', about: 'The new name.' }),
    descriptionFlag,
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice org update factory-floor --name works',
  async run(invocation) {
    const { flags, args, io } = invocation
    const { name, description } = flags
    if (name === undefined && description === undefined) {
      throw new ConfigurationError('nothing to change is given: --name or --description')
    }
    const remote = createRemote(invocation)
    const { id } = await findOrganization(remote, args[0] ?? '')
    const changed = await remote.patch<ListedOrganization>(`/api/v2/orgs/${id}`, { name, description })
    printOne(io, flags, changed, `Changed the organization ${escaped(changed.name)} with the id ${id}.\n`)
    return 0
  },
})

const remove = command({
  name: 'org delete',
  about: 'Delete an organization with its buckets, memberships and tokens',
  args: [ORG],
  flags: [yesFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice org delete factory-floor',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const { id, name } = await findOrganization(remote, args[0] ?? '')
    const question = `Delete the organization ${escaped(name)} (${id}) with its buckets, memberships and tokens?`
    await confirmed(io, question, flags.yes)
    await remote.delete(`/api/v2/orgs/${id}`)
    io.stdout.write(`Deleted the organization ${escaped(name)}.\n`)
    return 0
  },
})

const members = command({
  name: 'org members',
  about: 'List the members and owners of an organization',
  args: [ORG],
  flags: [jsonFlag, quietFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice org members factory-floor',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const { id } = await findOrganization(remote, args[0] ?? '')
    const rows = await membersOf(remote, id)
    printList(io, flags, { rows, columns: MEMBER_COLUMNS, none: 'nobody belongs to it' })
    return 0
  },
})

const addMember = command({
  name: 'org add-member',
  about: 'Add a user to an organization, or change their role',
  args: [ORG, USER],
  flags: [
    choice({ name: 'role', values: ['member', 'owner'], default: 'member', about: 'The role.' }),
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice org add-member factory-floor grace.hopper --role owner',
  async run(invocation) {
    const { flags, args, io } = invocation
    const { role } = flags
    const remote = createRemote(invocation)
    const organization = await findOrganization(remote, args[0] ?? '')
    const user = await userOrID(remote, args[1] ?? '')
    const earlier = (await membersOf(remote, organization.id)).find(({ id }) => id === user.id)
    if (!earlier) await remote.post(`/api/v2/orgs/${organization.id}/${role}s`, { id: user.id })
    else if (earlier.role !== role) {
      await remote.patch(`/api/v2/orgs/${organization.id}/members/${user.id}`, { role })
    }
    io.stdout.write(`${escaped(user.name)} is ${role} of ${escaped(organization.name)}.\n`)
    return 0
  },
})

/** An owner may add a user whom they may not read: the user gave them the id. */
async function userOrID(remote: Remote, given: string): Promise<NamedRecord> {
  try {
    return await findUser(remote, given)
  } catch (error) {
    const id = idIn(given)
    if (id && error instanceof CommandFailure) return { id, name: given }
    throw error
  }
}

const removeMember = command({
  name: 'org remove-member',
  about: 'Remove a user from an organization, in whatever role',
  args: [ORG, USER],
  flags: [yesFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice org remove-member factory-floor grace.hopper',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const organization = await findOrganization(remote, args[0] ?? '')
    const given = args[1] ?? ''
    // Looked for among the members, whom an owner may see even if they are otherwise hidden from the owner.
    const members = await membersOf(remote, organization.id)
    const user =
      members.find(({ id }) => id === given.toLowerCase()) ?? members.find(({ name }) => name === given)
    if (!user) throw new CommandFailure(`${escaped(given)} does not belong to ${escaped(organization.name)}`)
    await confirmed(io, `Remove ${escaped(user.name)} from ${escaped(organization.name)}?`, flags.yes)
    await remote.delete(`/api/v2/orgs/${organization.id}/${user.role}s/${user.id}`)
    io.stdout.write(`Removed ${escaped(user.name)} from ${escaped(organization.name)}.\n`)
    return 0
  },
})

export const organizationCommands = [list, create, update, remove, members, addMember, removeMember]
