/** `sluice token`: the tokens of a running server. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { boolean, choice, duration, text } from '../../config/shapes/setting.ts'
import { parseTime } from '../../domain/base/time.ts'
import { command } from '../frame/command.ts'
import { createRemote, REMOTE_SETTINGS, remoteFlags } from '../remote/remote.ts'
import { confirmed, yesFlag } from '../terminal/confirm.ts'
import type { Io } from '../terminal/io.ts'
import { type Screen, screenOf } from '../terminal/screen.ts'
import { type Columns, escaped, jsonLine } from '../terminal/table.ts'
import { timeText } from '../terminal/times.ts'
import {
  findOrganization,
  findToken,
  findUser,
  type ListedToken,
  listTokens,
  organizationOrOnly,
} from './lookup.ts'
import { jsonFlag, printList, printOne, quietFlag, withoutLinks } from './output.ts'
import { permissionFlags, permissionsOf } from './token-permissions.ts'

const TOKEN = { name: 'TOKEN', about: 'The id of the token, or its description.' } as const
const tokenAloneFlag = boolean({ name: 'quiet', default: false, about: 'Prints the new token alone.' })
const LONGEST = '36500d'

const isExpired = ({ expiresAt }: ListedToken) =>
  expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()

function stateOf(token: ListedToken): string {
  return isExpired(token) ? 'expired' : token.status
}

function columnsFor(screen: Screen): Columns<ListedToken> {
  const when = (time: string | undefined) => (time ? timeText(time, screen) : 'never')
  return {
    id: { cell: ({ id }) => id, fit: 'keep' },
    description: ({ description }) => description,
    status: {
      cell: stateOf,
      fit: 'keep',
      style: (token) => (stateOf(token) === 'active' ? undefined : 'warning'),
    },
    user: ({ user }) => user,
    organization: ({ org }) => org,
    expires: { cell: ({ expiresAt }) => when(expiresAt), fit: 'keep', optional: 1 },
    'last used': { cell: ({ lastUsedAt }) => when(lastUsedAt), fit: 'keep', optional: 2 },
  }
}

const list = command({
  name: 'token list',
  about: 'List the tokens that the token may read, without their secrets',
  flags: [
    text({ name: 'org', placeholder: 'ORG', about: 'Only those of this organization.' }),
    text({ name: 'user', placeholder: 'USER', about: 'Only those of this user.' }),
    choice({ name: 'status', values: ['active', 'inactive', 'expired'], about: 'Only those with it.' }),
    duration({ name: 'expiring', min: '0', max: LONGEST, about: 'Only those that expire within this time.' }),
    duration({ name: 'unused', min: '0', max: LONGEST, about: 'Only those not used for this long.' }),
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice token list --org factory-floor --expiring 30d',
  async run(invocation) {
    const { flags, io } = invocation
    const { status, expiring, unused } = flags
    const remote = createRemote(invocation)
    const org = flags.org === undefined ? undefined : await findOrganization(remote, flags.org)
    const user = flags.user === undefined ? undefined : await findUser(remote, flags.user)
    const now = Date.now()
    const rows = (await listTokens(remote, { orgID: org?.id, userID: user?.id })).filter((token) => {
      const end = token.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(token.expiresAt)
      const used = Date.parse(token.lastUsedAt ?? token.createdAt)
      if (status !== undefined && stateOf(token) !== status) return false
      if (expiring !== undefined && (end <= now || end > now + expiring)) return false
      return unused === undefined || used <= now - unused
    })
    const isFiltered = [flags.org, flags.user, status, expiring, unused].some((each) => each !== undefined)
    const none = isFiltered ? 'no token matches' : 'this token may read no token'
    printList(io, flags, { rows, columns: columnsFor(screenOf(io)), none })
    return 0
  },
})

const create = command({
  name: 'token create',
  about: 'Create a token, and show it once',
  details:
    'The flags say what the new token may do. It can have no right that the token in SLUICE_TOKEN lacks.',
  flags: [
    text({ name: 'org', placeholder: 'ORG', about: 'Its organization; needed if there are several.' }),
    text({ name: 'user', placeholder: 'USER', about: 'Its owner. Default: the user of the token in use.' }),
    text({ name: 'description', about: 'What it is for.' }),
    ...permissionFlags,
    duration({ name: 'expires-in', min: '1s', max: LONGEST, about: 'When it ends, from now on.' }),
    text({ name: 'expires-at', placeholder: 'TIME', about: 'When it ends (RFC 3339).' }),
    jsonFlag,
    tokenAloneFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice token create --description Grafana --read-bucket points',
  async run(invocation) {
    const { flags, io } = invocation
    const { description } = flags
    const expiresAt = expiryOf(flags.expiresIn, flags.expiresAt)
    const remote = createRemote(invocation)
    const { id: orgID } = await organizationOrOnly(remote, flags.org)
    const userID = flags.user === undefined ? undefined : (await findUser(remote, flags.user)).id
    const permissions = await permissionsOf(flags, { remote, orgID })
    const body = { orgID, userID, description, permissions, expiresAt }
    const made = await remote.post<ListedToken>('/api/v2/authorizations', body)
    const end = made.expiresAt ? `, until ${made.expiresAt}` : ''
    printSecret(io, flags, made, `Created the token ${labelOf(made)} of ${escaped(made.user)}${end}.\n`)
    return 0
  },
})

const update = command({
  name: 'token update',
  about: 'Describe a token, disable it or enable it again',
  args: [TOKEN],
  flags: [
    text({ name: 'description', about: 'The new description.' }),
    choice({ name: 'status', values: ['active', 'inactive'], about: 'An inactive token is refused.' }),
    jsonFlag,
    quietFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice token update Grafana --status inactive',
  async run(invocation) {
    const { flags, args, io } = invocation
    const { description, status } = flags
    if (description === undefined && status === undefined) {
      throw new ConfigurationError('nothing to change is given: --description or --status')
    }
    const remote = createRemote(invocation)
    const { id } = await findToken(remote, args[0] ?? '')
    const changed = await remote.patch<ListedToken>(`/api/v2/authorizations/${id}`, { description, status })
    printOne(io, flags, changed, `The token ${labelOf(changed)} is now ${changed.status}.\n`)
    return 0
  },
})

const rotate = command({
  name: 'token rotate',
  about: 'Give a token a new secret, and show it once',
  details: 'The old secret works for a day more, or for the time in --grace. After a leak use --grace 0.',
  args: [TOKEN],
  flags: [
    duration({
      name: 'grace',
      default: '1d',
      min: '0',
      max: '7d',
      about: 'How long the old secret works; 0 revokes it now.',
    }),
    jsonFlag,
    tokenAloneFlag,
    ...remoteFlags,
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice token rotate Grafana --grace 1h',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const { id } = await findToken(remote, args[0] ?? '')
    const graceSeconds = Math.round(flags.grace / 1000)
    const path = `/api/v2/authorizations/${id}/rotate`
    const rotated = await remote.post<ListedToken>(path, { graceSeconds })
    const until = new Date(Date.now() + graceSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
    const old = graceSeconds === 0 ? 'The old secret is revoked.' : `The old secret works until ${until}.`
    printSecret(io, flags, rotated, `Rotated the token ${labelOf(rotated)}. ${old}\n`)
    return 0
  },
})

const remove = command({
  name: 'token delete',
  about: 'Delete a token',
  args: [TOKEN],
  flags: [yesFlag, ...remoteFlags],
  settings: REMOTE_SETTINGS,
  example: 'sluice token delete Grafana',
  async run(invocation) {
    const { flags, args, io } = invocation
    const remote = createRemote(invocation)
    const token = await findToken(remote, args[0] ?? '')
    const question = `Delete the token ${labelOf(token)} of ${escaped(token.user)}?`
    await confirmed(io, `${question} What uses it is refused from then on.`, flags.yes)
    await remote.delete(`/api/v2/authorizations/${token.id}`)
    io.stdout.write(`Deleted the token ${labelOf(token)}.\n`)
    return 0
  },
})

export const tokenCommands = [list, create, update, rotate, remove]

function labelOf({ id, description }: ListedToken): string {
  return description === '' ? id : `"${escaped(description)}" (${id})`
}

function expiryOf(expiresIn: number | undefined, expiresAt: string | undefined): string | undefined {
  if (expiresIn !== undefined && expiresAt !== undefined) {
    throw new ConfigurationError('--expires-in and --expires-at are both given; leave one out')
  }
  if (expiresAt !== undefined && parseTime(expiresAt) === undefined) {
    throw new ConfigurationError('--expires-at must be a time such as 2030-01-31T12:00:00Z (RFC 3339)')
  }
  return expiresIn === undefined ? expiresAt : new Date(Date.now() + expiresIn).toISOString()
}

/** Only the token goes to standard output with `--quiet`; a sentence with it otherwise. */
function printSecret(
  io: Io,
  { json, quiet }: { json: boolean; quiet: boolean },
  made: ListedToken,
  sentence: string,
): void {
  if (json) io.stdout.write(jsonLine(withoutLinks(made)))
  else if (quiet) io.stdout.write(`${made.token}\n`)
  else io.stdout.write(`${sentence}It is shown only once:\n\n${made.token}\n`)
}
