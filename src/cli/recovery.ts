/** `sluice recovery`: regains lost access. It works on the data directly, without a server. */

import { openRecoveryData, type RecoveryData } from '../compose/recovery.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { readSettings } from '../config/load.ts'
import { type Settings, schema } from '../config/settings.ts'
import type { SettingsOf } from '../config/shapes/names.ts'
import { boolean, choice, text } from '../config/shapes/setting.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { User } from '../domain/records/user.ts'
import { createPrompt, type Io } from './io.ts'
import { listAuthorizations, listOrganizations, listUsers } from './recovery-lists.ts'
import { escaped } from './table.ts'

const flags = [
  text({ name: 'username', about: 'The user.' }),
  text({ name: 'id', about: 'The id of the user, for a name that cannot be typed.' }),
  text({ name: 'org', about: 'The organization.' }),
  choice({ name: 'status', values: ['active'], about: 'active: lets the user in again.' }),
  boolean({ name: 'operator', default: false, about: 'Makes the user an owner of the instance.' }),
] as const

type Flag = (typeof flags)[number]['name']
type Given = SettingsOf<typeof flags>

interface Action {
  readonly usage: string
  readonly flags: readonly Flag[]
  run(data: RecoveryData, given: Given, io: Io): Promise<void>
}

const ACTIONS: Readonly<Record<string, Action>> = {
  'user list': { usage: '', flags: [], run: ({ store }, _, { stdout }) => listUsers(store, stdout) },
  'user create': { usage: '--username NAME [--operator]', flags: ['username', 'operator'], run: createUser },
  'user update': {
    usage: '--username NAME | --id ID [--status active] [--operator]',
    flags: ['username', 'id', 'status', 'operator'],
    run: updateUser,
  },
  'org list': { usage: '', flags: [], run: ({ store }, _, { stdout }) => listOrganizations(store, stdout) },
  'org create': {
    usage: '--org NAME [--username OWNER]',
    flags: ['org', 'username'],
    run: createOrganization,
  },
  'auth list': { usage: '', flags: [], run: ({ store }, _, { stdout }) => listAuthorizations(store, stdout) },
  'auth create-operator': {
    usage: '--username NAME | --id ID [--org NAME]',
    flags: ['username', 'id', 'org'],
    run: createOperatorToken,
  },
}

const usageOf = (name: string) => `sluice recovery ${name} ${ACTIONS[name]?.usage}`.trimEnd()

export async function recovery(args: readonly string[], io: Io): Promise<number> {
  const [subject, verb, ...argv] = args
  const name = `${subject} ${verb}`
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) {
    throw new ConfigurationError(`usage: ${Object.keys(ACTIONS).map(usageOf).join(', or ')}`)
  }
  const allowed = flags.filter((flag) => action.flags.includes(flag.name)) as unknown as typeof flags
  const { settings } = readSettings([...schema, ...allowed] as const, { argv, ...io })
  const given: Given = { ...settings, operator: settings.operator ?? false }
  for (const needed of ['username', 'org'] as const) {
    const isNeeded = action.usage.startsWith(`--${needed}`) && !(needed === 'username' && given.id)
    if (isNeeded && !given[needed]) throw new ConfigurationError(`usage: ${usageOf(name)}`)
  }
  const data = await openRecoveryData(settings as Settings)
  try {
    await action.run(data, given, io)
    const problem = data.problem()
    if (problem !== undefined) {
      io.stdout.write(
        `Redis cannot be reached (${problem}), so ended sessions stay there until they expire. No server accepts them, because PostgreSQL has their end.\n`,
      )
    }
    return 0
  } catch (error) {
    if (error instanceof SluiceError && error.code !== 'unavailable' && error.code !== 'internal error') {
      throw new ConfigurationError(escaped(error.message))
    }
    throw error
  } finally {
    await data.close()
  }
}

async function createUser(
  { recovery }: RecoveryData,
  { username = '', operator }: Given,
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
  const { status, operator } = given
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
  const user = id ? await users.byID(id.toLowerCase() as User['id']) : await users.byName(username)
  if (user) return user
  const named = id ? `with the id ${escaped(id)}` : escaped(username)
  throw new ConfigurationError(`there is no user ${named}; sluice recovery user list shows them`)
}

async function askPassword(io: Io, question: string): Promise<string> {
  const prompt = createPrompt(io)
  try {
    return await prompt.password(question)
  } finally {
    prompt.close()
  }
}
