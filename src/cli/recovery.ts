/** For an operator who lost the password: works on the data of a stopped server. */

import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { ConfigurationError } from '../config/configuration-error.ts'
import { readSettings } from '../config/load.ts'
import type { Schema } from '../config/setting.ts'
import { schema } from '../config/settings.ts'
import { eventOf } from '../domain/audit/activity.ts'
import type { AuditEvent } from '../domain/audit/audit-event.ts'
import { SluiceError } from '../domain/errors.ts'
import { createIdGenerator } from '../domain/id.ts'
import type { IdentityStore } from '../domain/identity-store.ts'
import { passwordContextOf } from '../domain/passwords/password-context.ts'
import { createPasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { User } from '../domain/users/user.ts'
import { policyOf } from '../password-policy-of.ts'
import { openStore } from '../store/open.ts'
import { requireDataFile } from './data-file.ts'
import { createAsking, type Io } from './io.ts'

const flags = [{ name: 'username', type: 'string', about: 'The user to update.' }] as const satisfies Schema

const USAGE = 'say what: sluice recovery user list, or sluice recovery user update --username NAME'

export async function recovery(args: readonly string[], io: Io): Promise<number> {
  const [subject, action, ...rest] = args
  if (subject !== 'user' || (action !== 'list' && action !== 'update')) throw new ConfigurationError(USAGE)
  const { env, cwd, home, readFile } = io
  const { settings } = readSettings([...schema, ...flags] as const, { argv: rest, env, cwd, home, readFile })
  if (settings.store !== 'postgres') requireDataFile(settings.sqlitePath)
  const { store } = await openStore({
    ...settings,
    store: settings.store === 'postgres' ? 'postgres' : 'disk',
  })
  try {
    if (action === 'list') await listUsers(store, io)
    else await updateUser(store, settings, io)
    return 0
  } finally {
    await store.close()
  }
}

async function listUsers(store: IdentityStore, { stdout }: Io): Promise<void> {
  stdout.write('id                status    name\n')
  const limit = 100
  for (let offset = 0; ; offset += limit) {
    const users = await store.users.list({ limit, offset, descending: false })
    for (const { id, status, name } of users) {
      stdout.write(`${id}  ${status.padEnd(8)}  ${JSON.stringify(name).slice(1, -1)}\n`)
    }
    if (users.length < limit) return
  }
}

/** Sets a new password and lets the user in again; whoever was kept signed in is not any more. */
async function updateUser(
  store: IdentityStore,
  settings: { username: string | undefined } & Parameters<typeof policyOf>[0],
  io: Io,
): Promise<void> {
  if (!settings.username) throw new ConfigurationError(USAGE)
  const user = await store.users.byName(settings.username)
  if (!user) {
    throw new ConfigurationError(
      `there is no user ${settings.username}; sluice recovery user list shows them`,
    )
  }
  const asking = createAsking(io)
  const password = await asking.password(`New password of ${user.name}`)
  asking.close()
  try {
    policyOf(settings).check(password, await passwordContextOf(user.id, store))
  } catch (error) {
    throw error instanceof SluiceError ? new ConfigurationError(error.message) : error
  }
  const hasher = createPasswordHasher({ concurrency: availableParallelism(), queue: 1 })
  const hash = await hasher.hash(Buffer.from(password))
  const event = await resetEvent(store, user)
  await store.transaction(async ({ users, passwords, rememberedSessions, audit }) => {
    await passwords.set(user.id, { hash, mustChange: false })
    await rememberedSessions.removeOfUser(user.id)
    await users.update({ ...user, status: 'active' })
    await audit.append([event])
  })
  io.stdout.write(`${user.name} is active and has the new password.\n`)
}

/** Who did it is not known here, only that it was done on the machine itself. */
async function resetEvent(store: IdentityStore, { id, name }: User): Promise<AuditEvent> {
  const ids = createIdGenerator({ now: Date.now, node: randomInt(1024), after: await store.newestId() })
  const activity = {
    event: 'password.reset' as const,
    target: { type: 'user', id, name },
    origin: { address: '', userAgent: 'sluice recovery', requestID: '' },
  }
  return eventOf(activity, { id: ids.next(), at: Date.now() })
}
