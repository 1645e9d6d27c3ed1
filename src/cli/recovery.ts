/** `sluice recovery`: regains lost access. It works on the data directly, without a server. */

import { openRecoveryData, type RecoveryData } from '../compose/recovery.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Schema } from '../config/shapes/names.ts'
import { boolean, choice, text } from '../config/shapes/setting.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { LinkedIdentity } from '../domain/records/outside-identity.ts'
import type { User } from '../domain/records/user.ts'
import { requireDataFile } from './data-file.ts'
import { type Command, command, type Invocation } from './frame/command.ts'
import { read } from './load.ts'
import {
  identitiesOf,
  listAuthorizations,
  listIdentities,
  listOrganizations,
  listUsers,
} from './recovery-lists.ts'
import { requireID } from './remote/remote.ts'
import { CommandFailure } from './terminal/failure.ts'
import { createPrompt, type Io } from './terminal/io.ts'
import { escaped } from './terminal/table.ts'

const username = text({ name: 'username', placeholder: 'NAME', about: 'The user.' })
const id = text({
  name: 'id',
  placeholder: 'ID',
  about: 'The id of the user, in place of a name that cannot be typed.',
})
const identity = text({
  name: 'identity',
  placeholder: 'ID',
  about: 'The id of the identity, from sluice recovery identity list.',
})
const org = text({ name: 'org', placeholder: 'NAME', about: 'The organization.' })
const status = choice({ name: 'status', values: ['active'], about: 'Lets the user in again.' })
const operator = boolean({
  name: 'operator',
  default: false,
  about: 'Makes the user an owner of the instance, who may do everything.',
})

/** The values of all these flags; a command has some of them. */
interface Given {
  readonly username?: string | undefined
  readonly id?: string | undefined
  readonly identity?: string | undefined
  readonly org?: string | undefined
  readonly status?: 'active' | undefined
  readonly operator?: boolean | undefined
}

interface Action {
  readonly about: string
  readonly details?: string
  readonly flags: Schema
  /** Flags of which one must be given. */
  readonly needed?: readonly (keyof Given)[]
  /** After the name. */
  readonly example?: string
  run(data: RecoveryData, given: Given, io: Io): Promise<void>
}

const ON_THE_DATA =
  'It works on the data itself: with SQLite stop the server first, with PostgreSQL it may run.'

const ACTIONS: Readonly<Record<string, Action>> = {
  'user list': {
    about: 'List all users, without a server',
    flags: [],
    run: ({ store }, _, io) => listUsers(store, io),
  },
  'user create': {
    about: 'Create a user, without a server',
    details: 'A password is asked for, or read from standard input.',
    flags: [username, operator],
    needed: ['username'],
    example: '--username ada --operator',
    run: createUser,
  },
  'user update': {
    about: 'Set a password, activate a user or make them an operator, without a server',
    details:
      'Without --status or --operator a new password is asked for, or read from standard input; then all sessions of the user end.',
    flags: [username, id, status, operator],
    needed: ['username', 'id'],
    example: '--username ada',
    run: updateUser,
  },
  'user reset-factors': {
    about: 'Remove the second factors of a user, without a server',
    details:
      'Recovery codes and application passwords go too, and all sessions of the user end. The password stays.',
    flags: [username, id],
    needed: ['username', 'id'],
    example: '--username ada',
    run: resetFactors,
  },
  'identity list': {
    about: 'List the identities of users at providers, without a server',
    details: 'Of one user, or of all.',
    flags: [username, id],
    example: '--username ada',
    run: async ({ store }, given, io) =>
      listIdentities(store, io, given.id || given.username ? await theUser(store, given) : undefined),
  },
  'identity unlink': {
    about: 'Unlink an identity from its user, without a server',
    details:
      'What its provider gave is taken away, all sessions of the user end, and tokens that give more than the other memberships are disabled.',
    flags: [identity],
    needed: ['identity'],
    example: '--identity 0c84b6ef5a2f0000',
    run: unlinkIdentity,
  },
  'org list': {
    about: 'List all organizations, without a server',
    flags: [],
    run: ({ store }, _, io) => listOrganizations(store, io),
  },
  'org create': {
    about: 'Create an organization, without a server',
    flags: [org, username],
    needed: ['org'],
    example: '--org works --username ada',
    run: createOrganization,
  },
  'auth list': {
    about: 'List all tokens without their secrets, without a server',
    flags: [],
    run: ({ store }, _, io) => listAuthorizations(store, io),
  },
  'auth create-operator': {
    about: 'Create an operator token, without a server, and show it once',
    details: 'Without --org it lies in an organization of the user.',
    flags: [username, id, org],
    needed: ['username', 'id'],
    example: '--username ada',
    run: createOperatorToken,
  },
}

export const recoveryCommands: readonly Command[] = Object.entries(ACTIONS).map(([name, action]) => {
  const { about, details, flags, example } = action
  return command({
    name: `recovery ${name}`,
    about,
    details: details ? `${details} ${ON_THE_DATA}` : ON_THE_DATA,
    flags,
    settings: ['store', 'sqlite-path', 'config-path'],
    everySetting: true,
    example: `sluice recovery ${name}${example ? ` ${example}` : ''}`,
    run: (invocation) => run(action, invocation),
  })
})

async function run({ run, needed = [] }: Action, invocation: Invocation): Promise<number> {
  const { io } = invocation
  const given = invocation.flags as Given
  if (needed.length > 0 && needed.every((flag) => !given[flag])) {
    throw new ConfigurationError(`${needed.map((flag) => `--${flag}`).join(' or ')} is missing`)
  }
  const settings = read(invocation)
  if (settings.store !== 'postgres') requireDataFile(settings.sqlitePath)
  const data = await openRecoveryData(settings)
  try {
    await run(data, given, io)
    const problem = data.problem()
    if (problem !== undefined) {
      io.stdout.write(
        `Redis cannot be reached (${problem}), so ended sessions stay there until they expire. No server accepts them, because PostgreSQL has their end.\n`,
      )
    }
    return 0
  } catch (error) {
    if (error instanceof SluiceError && error.code !== 'unavailable' && error.code !== 'internal error') {
      throw new CommandFailure(escaped(error.message))
    }
    throw error
  } finally {
    await data.close()
  }
}

async function createUser(
  { recovery }: RecoveryData,
  { username = '', operator = false }: Given,
  io: Io,
): Promise<void> {
  const password = await askPassword(io, `Password of ${escaped(username)}`)
  const user = await recovery.createUser(username, { password, operator })
  const name = escaped(user.name)
  io.stdout.write(`Created ${name} with the id ${user.id}. They can sign in with the password.\n`)
  if (operator) io.stdout.write(`${name} is now an operator and may do everything.\n`)
  else {
    io.stdout.write(
      `${name} belongs to no organization yet. An operator can add them to one. To make them an operator: sluice recovery user update --id ${user.id} --operator\n`,
    )
  }
}

/** Without other flags, sets a new password, like InfluxDB's command of this name. */
async function updateUser(data: RecoveryData, given: Given, io: Io): Promise<void> {
  const { id, name } = await theUser(data.store, given)
  const { status, operator = false } = given
  const setsPassword = status === undefined && !operator
  const password = setsPassword ? await askPassword(io, `New password of ${escaped(name)}`) : undefined
  await data.recovery.updateUser(id, { password, operator })
  if (setsPassword) {
    io.stdout.write(`${escaped(name)} is active and has the new password.\n`)
    const where = data.isShared ? ', on running servers too' : ''
    io.stdout.write(`All earlier sessions of ${escaped(name)} have ended${where}; tokens still work.\n`)
    return
  }
  io.stdout.write(
    operator
      ? `${escaped(name)} is now active and an operator, and may do everything.\n`
      : `${escaped(name)} is active and can sign in with the existing password.\n`,
  )
}

/** Removes the second factors of a user who has lost them; the last operator has no other way in. */
async function resetFactors({ store, recovery }: RecoveryData, given: Given, { stdout }: Io): Promise<void> {
  const { id, name } = await theUser(store, given)
  const removed = await recovery.resetFactors(id)
  const count = removed === 1 ? '1 second factor' : `${removed} second factors`
  const providers = (await store.linkedIdentities.ofUser(id)).map(({ provider }) => escaped(provider))
  const hasPassword = (await store.passwords.get(id)) !== undefined
  const ways = [...(hasPassword ? ['with the password'] : []), ...providers.map((each) => `through ${each}`)]
  stdout.write(
    `Removed ${count} of ${escaped(name)}, with recovery codes and application passwords. They sign in ${ways.join(' or ')} alone, and must enrol a second factor if one is required.\n`,
  )
}

/** For an identity that was linked to the wrong user, or that somebody else has taken over. */
async function unlinkIdentity(
  { store, recovery }: RecoveryData,
  { identity = '' }: Given,
  { stdout }: Io,
): Promise<void> {
  const list = 'sluice recovery identity list'
  const wanted = requireID('--identity', identity, list)
  let found: LinkedIdentity | undefined
  for await (const each of identitiesOf(store)) if (each.id === wanted) found = each
  const user = found && (await store.users.byID(found.userID))
  if (!found || !user) throw new CommandFailure(`there is no identity ${wanted}; ${list} shows them`)
  const { hasPassword } = await recovery.unlinkIdentity(user.id, found.id)
  const name = escaped(user.name)
  stdout.write(
    `Unlinked ${escaped(found.provider)} from ${name}. All earlier sessions of ${name} have ended.\n`,
  )
  const isOut = !hasPassword && (await store.linkedIdentities.ofUser(user.id)).length === 0
  if (isOut) {
    stdout.write(
      `${name} cannot sign in any more. To set a password: sluice recovery user update --id ${user.id}\n`,
    )
  }
}

async function createOrganization(
  { store, recovery }: RecoveryData,
  given: Given,
  { stdout }: Io,
): Promise<void> {
  const owner = given.username ? await theUser(store, given) : undefined
  const { id, name } = await recovery.createOrganization(given.org ?? '', owner?.id)
  const owned = owner ? `, owned by ${escaped(owner.name)}` : ''
  stdout.write(`Created the organization ${escaped(name)} with the id ${id}${owned}.\n`)
}

async function createOperatorToken(
  { store, recovery }: RecoveryData,
  given: Given,
  { stdout }: Io,
): Promise<void> {
  const user = await theUser(store, given)
  const { authorization, organization, token } = await recovery.createOperatorToken(
    user.id,
    given.org || undefined,
  )
  const expiry = authorization.expiresAt ? ` and expires ${authorization.expiresAt}` : ''
  stdout.write(
    `${escaped(user.name)} has a new operator token in ${escaped(organization.name)}. It may do everything${expiry}. It is shown only once. Use it in SLUICE_TOKEN or as Authorization: Token ...\n${token}\n`,
  )
}

async function theUser({ users }: IdentityStore, { id, username = '' }: Given): Promise<User> {
  const user = id
    ? await users.byID(requireID('--id', id, 'sluice recovery user list'))
    : await users.byName(username)
  if (user) return user
  const named = id ? `with the id ${escaped(id)}` : escaped(username)
  throw new CommandFailure(`there is no user ${named}; sluice recovery user list shows them`)
}

async function askPassword(io: Io, question: string): Promise<string> {
  const prompt = createPrompt(io)
  try {
    return await prompt.password(question)
  } finally {
    prompt.close()
  }
}
