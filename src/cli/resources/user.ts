/** `sluice user`: the users of a running server. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { boolean, choice, text } from '../../config/shapes/setting.ts'
import { foldCase } from '../../domain/base/fold-case.ts'
import { command } from '../frame/command.ts'
import {
  createRemote,
  REMOTE_SETTINGS,
  RefusedError,
  type Remote,
  readAll,
  remoteFlags,
} from '../remote/remote.ts'
import { confirmed, yesFlag } from '../terminal/confirm.ts'
import { CommandFailure } from '../terminal/failure.ts'
import { createPrompt, type Io } from '../terminal/io.ts'
import { type Columns, escaped } from '../terminal/table.ts'
import { findOrganization, findUser, type ListedUser } from './lookup.ts'
import { jsonFlag, printList, printOne, quietFlag } from './output.ts'

const USER = { name: 'USER', about: 'The name or the id of the user.' } as const
const roleFlag = choice({
  name: 'role',
  values: ['member', 'owner'],
  default: 'member',
  about: 'The role in the organization.',
})
const mustChangeFlag = boolean({
  name: 'must-change',
  default: false,
  about: 'The user must choose another password at the next sign-in.',
})

const COLUMNS: Columns<ListedUser> = {
  id: { cell: ({ id }) => id, fit: 'keep' },
  name: ({ name }) => name,
  status: {
    cell: ({ status }) => status,
    fit: 'keep',
    style: ({ status }) => (status === 'active' ? undefined : 'warning'),
  },
}

const WITH_ORGANIZATIONS: Columns<ListedUser> = {
  ...COLUMNS,
  organizations: { cell: organizationsOf, fit: 'wrap' },
}

function organizationsOf({ details }: ListedUser): string {
  const all = details?.organizations ?? []
  return all.map(({ name, role }) => (role === 'owner' ? `${name} (owner)` : name)).join(', ')
}

type Member = ListedUser & { readonly role: string }

export const MEMBER_COLUMNS: Columns<Member> = {
  ...(COLUMNS as Columns<Member>),
  role: { cell: ({ role }) => role, fit: 'keep' },
}

/** The members and owners of an organization. */
export async function membersOf(remote: Remote, orgID: string): Promise<Member[]> {
  const lists = await Promise.all(
    ['owners', 'members'].map((role) => remote.get<{ users: Member[] }>(`/api/v2/orgs/${orgID}/${role}`)),
  )
  return lists.flatMap(({ users }) => users)
}

/** The users that the token may read: with their organizations if it is an operator's, else without. */
async function readUsers(remote: Remote): Promise<{ users: ListedUser[]; columns: Columns<ListedUser> }> {
  const read = (more?: { details: string }) => readAll<ListedUser>(remote, '/api/v2/users', 'users', more)
  try {
    return { users: await read({ details: 'true' }), columns: WITH_ORGANIZATIONS }
  } catch (error) {
    if (!(error instanceof RefusedError && error.reason === 'missing-permission')) throw error
    return { users: await read(), columns: COLUMNS }
  }
}

const list = command({
  name: 'user list',
  about: 'List the users that the token may read',
  details: 'An operator sees the organizations of each too.',
  flags: [
    text({ name: 'search', about: 'Only with this in the name, in any case.' }),
    text({ name: 'org', placeholder: 'ORG', about: 'Only those of this organization, with their role.' }),
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice user list --org factory-floor',
  async run(invocation) {
    const { flags, io } = invocation
    const remote = createRemote(invocation)
    const wanted = foldCase(flags.search ?? '')
    const isWanted = ({ name }: ListedUser) => foldCase(name).includes(wanted)
    const none = wanted === '' ? 'this token may read no user' : 'no user matches'
    if (flags.org === undefined) {
      const { users, columns } = await readUsers(remote)
      printList(io, flags, { rows: users.filter(isWanted), columns, none })
    } else {
      const { id } = await findOrganization(remote, flags.org)
      const rows = (await membersOf(remote, id)).filter(isWanted)
      printList(io, flags, { rows, columns: MEMBER_COLUMNS, none })
    }
    return 0
  },
})

const create = command({
  name: 'user create',
  about: 'Create a user',
  details: 'Without --password the user cannot sign in until a password is set.',
  args: [{ name: 'NAME', about: 'The name of the new user.' }],
  flags: [
    text({ name: 'org', placeholder: 'ORG', about: 'An organization to add the user to.' }),
    roleFlag,
    boolean({
      name: 'password',
      default: false,
      about: 'Asks for a password, or reads it from standard input.',
    }),
    mustChangeFlag,
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice user create grace.hopper --org factory-floor --role owner --password',
  async run(invocation) {
    const { flags, args, io } = invocation
    const [name = ''] = args
    if (flags.mustChange && !flags.password) throw new ConfigurationError('--must-change needs --password')
    const remote = createRemote(invocation)
    const organization = flags.org === undefined ? undefined : await findOrganization(remote, flags.org)
    const password = flags.password ? await askPassword(io, `Password of ${escaped(name)}`) : undefined
    const user = await remote.post<ListedUser>('/api/v2/users', { name })
    await orUndo(remote, user, async () => {
      if (organization) await remote.post(`/api/v2/orgs/${organization.id}/${flags.role}s`, { id: user.id })
      if (password !== undefined) {
        const { mustChange } = flags
        await remote.post(`/api/v2/users/${user.id}/password`, { password, mustChange })
      }
    })
    const joined = organization ? `, ${flags.role} of ${escaped(organization.name)}` : ''
    printOne(io, flags, user, `Created the user ${escaped(user.name)}${joined}, with the id ${user.id}.\n`)
    return 0
  },
})

/** A user who lacks a part of what was asked for is deleted again. */
async function orUndo(remote: Remote, user: ListedUser, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const why = error instanceof CommandFailure ? error.message : 'it failed'
    try {
      await remote.delete(`/api/v2/users/${user.id}`)
    } catch {
      throw new CommandFailure(`${why}; the user ${escaped(user.name)} with the id ${user.id} was created`)
    }
    throw error instanceof CommandFailure ? new CommandFailure(`${why}; no user was created`) : error
  }
}

const update = command({
  name: 'user update',
  about: 'Rename, deactivate or reactivate a user',
  args: [USER],
  flags: [
    text({ name: 'name', placeholder: 'NAME', about: 'The new name.' }),
    choice({
      name: 'status',
      values: ['active', 'inactive'],
      about: 'An inactive user is refused everywhere.',
    }),
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice user update grace.hopper --status inactive',
  async run(invocation) {
    const { flags, args, io } = invocation
    const { name, status } = flags
    if (name === undefined && status === undefined) {
      throw new ConfigurationError('nothing to change is given: --name or --status')
    }
    const remote = createRemote(invocation)
    const { id } = await findUser(remote, args[0] ?? '')
    const user = await remote.patch<ListedUser>(`/api/v2/users/${id}`, { name, status })
    printOne(io, flags, user, `The user ${escaped(user.name)} with the id ${id} is ${user.status}.\n`)
    return 0
  },
})

const password = command({
  name: 'user password',
  about: 'Set the password of a user',
  details: 'It is asked for, or read from standard input. All sessions of the user end.',
  args: [USER],
  flags: [mustChangeFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice user password grace.hopper --must-change',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const { id, name } = await findUser(remote, args[0] ?? '')
    const password = await askPassword(io, `New password of ${escaped(name)}`)
    await remote.post(`/api/v2/users/${id}/password`, { password, mustChange: flags.mustChange })
    io.stdout.write(`${escaped(name)} has the new password; all earlier sessions of theirs have ended.\n`)
    return 0
  },
})

const remove = command({
  name: 'user delete',
  about: 'Delete a user with their memberships, tokens and sessions',
  args: [USER],
  flags: [yesFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice user delete grace.hopper',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const { id, name } = await findUser(remote, args[0] ?? '')
    await confirmed(io, `Delete the user ${escaped(name)} (${id}) with their tokens and sessions?`, flags.yes)
    await remote.delete(`/api/v2/users/${id}`)
    io.stdout.write(`Deleted the user ${escaped(name)}.\n`)
    return 0
  },
})

async function askPassword(io: Io, question: string): Promise<string> {
  const prompt = createPrompt(io)
  try {
    return await prompt.password(question)
  } finally {
    prompt.close()
  }
}

export const userCommands = [list, create, update, password, remove]
