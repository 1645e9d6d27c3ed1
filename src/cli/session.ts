/** `sluice session`: lists and ends sessions on a running server. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { boolean, text } from '../config/shapes/setting.ts'
import { command } from './frame/command.ts'
import { createRemote, REMOTE_SETTINGS, remoteFlags, requireID } from './remote/remote.ts'
import { findUser } from './resources/lookup.ts'
import { jsonFlag, printList, quietFlag } from './resources/output.ts'
import { confirmed, yesFlag } from './terminal/confirm.ts'
import { type Screen, screenOf } from './terminal/screen.ts'
import { type Columns, escaped } from './terminal/table.ts'
import { timeText } from './terminal/times.ts'

interface ListedSession {
  readonly id: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly address: string
  readonly userAgent: string
  readonly remembered: boolean
}

function columnsFor(screen: Screen): Columns<ListedSession> {
  const when = (time: (session: ListedSession) => string, optional = 0) =>
    ({ cell: (session: ListedSession) => timeText(time(session), screen), fit: 'keep', optional }) as const
  return {
    id: { cell: ({ id }) => id, fit: 'keep' },
    'signed in': when(({ createdAt }) => createdAt),
    'last used': when(({ lastUsedAt }) => lastUsedAt, 2),
    expires: when(({ expiresAt }) => expiresAt),
    remembered: { cell: ({ remembered }) => (remembered ? 'yes' : 'no'), fit: 'keep', optional: 1 },
    address: ({ address }) => address,
    'user agent': ({ userAgent }) => userAgent,
  }
}

const list = command({
  name: 'session list',
  about: 'List the sessions of a user',
  details: 'Without --user they are those of the user whose token is in use.',
  flags: [
    text({ name: 'user', placeholder: 'USER', about: 'The name or the id of the user.' }),
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice session list --user ada',
  async run(invocation) {
    const { flags, io } = invocation
    const remote = createRemote(invocation)
    const user = flags.user === undefined ? undefined : await findUser(remote, flags.user)
    const path = user === undefined ? '/api/v2/me/sessions' : `/api/v2/users/${user.id}/sessions`
    const { sessions: rows } = await remote.get<{ sessions: ListedSession[] }>(path)
    const none = user
      ? `${escaped(user.name)} has no session`
      : 'the user of this token has no session; --user names another'
    printList(io, flags, { rows, columns: columnsFor(screenOf(io)), none })
    return 0
  },
})

const end = command({
  name: 'session end',
  about: 'End one session, all sessions of a user, or all sessions of all users',
  flags: [
    text({ name: 'user', placeholder: 'USER', about: 'The name or the id of the user.' }),
    text({ name: 'id', placeholder: 'ID', about: 'The one session of the user to end.' }),
    boolean({ name: 'everybody', default: false, about: 'All sessions of all users.' }),
    yesFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice session end --user ada',
  async run(invocation) {
    const { flags, io } = invocation
    const { user, id, everybody, yes } = flags
    // A forgotten flag must not end more sessions than intended.
    if (everybody ? user !== undefined || id !== undefined : user === undefined) {
      throw new ConfigurationError('either --user, with or without --id, or --everybody must be given')
    }
    const sessionID = id === undefined ? undefined : requireID('--id', id, 'sluice session list')
    const remote = createRemote(invocation)
    if (user === undefined) {
      // Scripts that end all sessions, for which there is no terminal, need no --yes: nothing is lost.
      await confirmed(io, 'End all sessions of all users?', yes || !io.stdin.isTTY)
      await remote.delete('/api/v2/sessions')
      io.stdout.write('Ended all sessions of all users.\n')
      return 0
    }
    const found = await findUser(remote, user)
    const path = `/api/v2/users/${found.id}/sessions`
    if (sessionID === undefined) {
      await remote.delete(path)
      io.stdout.write(`Ended all sessions of ${escaped(found.name)}.\n`)
    } else {
      await remote.delete(`${path}/${sessionID}`)
      io.stdout.write(`Ended the session ${sessionID} of ${escaped(found.name)}.\n`)
    }
    return 0
  },
})

export const sessionCommands = [list, end]
