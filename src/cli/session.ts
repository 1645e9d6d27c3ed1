/** `sluice session`: lists and ends sessions on a running server. */
import { ConfigurationError } from '../config/configuration-error.ts'
import { readSettings } from '../config/load.ts'
import { schema } from '../config/settings.ts'
import { boolean, text } from '../config/shapes/setting.ts'
import type { Io } from './io.ts'
import { createRemote, remoteFlags } from './remote.ts'
import { escaped, jsonLine, table } from './table.ts'

const userFlag = text({ name: 'user', about: 'Whose sessions.' })

const listFlags = [
  ...remoteFlags,
  userFlag,
  boolean({ name: 'json', default: false, about: 'One JSON object a line.' }),
] as const

const endFlags = [
  ...remoteFlags,
  userFlag,
  text({ name: 'id', about: 'The one session to end.' }),
  boolean({ name: 'everybody', default: false, about: 'All sessions of all users.' }),
] as const

const USAGE = `usage: sluice session list [--user NAME], sluice session end --user NAME [--id ID], or sluice session end --everybody`

interface ListedSession {
  readonly id: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly address: string
  readonly userAgent: string
  readonly remembered: boolean
}

export async function session(args: readonly string[], io: Io): Promise<number> {
  const [action, ...rest] = args
  if (action === 'list') return list(rest, io)
  if (action === 'end') return end(rest, io)
  throw new ConfigurationError(USAGE)
}

/** Lists the sessions of the given user, or those of the token's owner. */
async function list(argv: readonly string[], io: Io): Promise<number> {
  const { settings } = readSettings([...schema, ...listFlags] as const, { argv, ...io })
  const remote = createRemote(settings)
  const path =
    settings.user === undefined
      ? '/api/v2/me/sessions'
      : `/api/v2/users/${await remote.userID(settings.user)}/sessions`
  const { sessions } = await remote.get<{ sessions: ListedSession[] }>(path)
  if (settings.json) for (const each of sessions) io.stdout.write(jsonLine(each))
  else io.stdout.write(table<ListedSession>(COLUMNS, sessions))
  return 0
}

const COLUMNS = {
  id: ({ id }: ListedSession) => id,
  'signed in': ({ createdAt }: ListedSession) => createdAt,
  'last used': ({ lastUsedAt }: ListedSession) => lastUsedAt,
  expires: ({ expiresAt }: ListedSession) => expiresAt,
  remembered: ({ remembered }: ListedSession) => (remembered ? 'yes' : 'no'),
  address: ({ address }: ListedSession) => address,
  'user agent': ({ userAgent }: ListedSession) => userAgent,
}

async function end(argv: readonly string[], io: Io): Promise<number> {
  const { settings } = readSettings([...schema, ...endFlags] as const, { argv, ...io })
  const { user, id, everybody } = settings
  // A forgotten flag must not end more sessions than intended.
  if (everybody ? user !== undefined || id !== undefined : user === undefined) {
    throw new ConfigurationError(USAGE)
  }
  const remote = createRemote(settings)
  if (user === undefined) {
    await remote.delete('/api/v2/sessions')
    io.stdout.write('Ended all sessions of all users.\n')
    return 0
  }
  const path = `/api/v2/users/${await remote.userID(user)}/sessions`
  if (id === undefined) {
    await remote.delete(path)
    io.stdout.write(`Ended all sessions of ${escaped(user)}.\n`)
  } else {
    await remote.delete(`${path}/${encodeURIComponent(id)}`)
    io.stdout.write(`Ended the session ${escaped(id)} of ${escaped(user)}.\n`)
  }
  return 0
}
