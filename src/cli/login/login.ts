/** `sluice login` and `sluice logout`. */
import { boolean } from '../../config/shapes/setting.ts'
import { type Command, command } from '../frame/command.ts'
import {
  answer,
  apiAddress,
  asUrl,
  hostFlag,
  hostOf,
  REMOTE_SETTINGS,
  RefusedError,
} from '../remote/remote.ts'
import { addressOfServer, hasEnded, type StoredToken, tokenFileOf } from '../remote/token-file.ts'
import type { Io } from '../terminal/io.ts'
import { screenOf } from '../terminal/screen.ts'
import { escaped } from '../terminal/table.ts'
import { timeText } from '../terminal/times.ts'
import type { LoginAnswer } from './ask-server.ts'
import { hasBrowser, openBrowser } from './browser.ts'
import { loginElsewhere } from './elsewhere.ts'
import { loginHere } from './here.ts'

const login = command({
  name: 'login',
  about: 'Sign in through a browser and store a token that ends',
  details:
    'The other commands on a running server use the token. The command opens a browser on this machine, or shows a code to type in a browser ' +
    'elsewhere if there is none. SLUICE_TOKEN and INFLUX_TOKEN count before it.',
  flags: [
    hostFlag,
    boolean({ name: 'device', default: false, about: 'Shows a code to type in a browser on any machine.' }),
    boolean({
      name: 'print',
      default: false,
      about: 'Prints the token alone, such as for INFLUX_TOKEN; signs in only if there is none.',
    }),
  ],
  settings: REMOTE_SETTINGS,
  example: 'sluice login --host https://sluice.example.com',
  async run(invocation) {
    const { flags, io } = invocation
    const host = asUrl(hostOf(invocation))
    const file = tokenFileOf(io, host)
    const before = file.read()
    if (flags.print && before && !hasEnded(before)) {
      io.stdout.write(`${before.token}\n`)
      return 0
    }
    const made = await signIn(io, host, flags.device || !hasBrowser(io))
    const { token, user, org, expiresAt } = made
    file.write({ host: addressOfServer(host), token, user, org, expiresAt })
    // The one before would still count; if it cannot be ended now, it ends by itself.
    if (before && !hasEnded(before)) await end(host, before).catch(() => undefined)
    io.stderr.write(
      `Signed in to ${addressOfServer(host)} as ${escaped(user)}, for ${escaped(org)}, until ${timeText(expiresAt, screenOf(io))}.\n`,
    )
    if (flags.print) io.stdout.write(`${token}\n`)
    return 0
  },
})

/** What is no letter of a host name is left out, as the server shows none. */
const machineOf = ({ machine = '' }: Io) =>
  machine
    .replaceAll(/[^A-Za-z0-9._-]/g, '')
    .replace(/^[._-]+/, '')
    .slice(0, 63) || 'unnamed'

function signIn(io: Io, host: URL, isElsewhere: boolean): Promise<LoginAnswer> {
  const machine = machineOf(io)
  if (!isElsewhere) {
    return loginHere(host, {
      machine,
      show(page) {
        io.stderr.write(
          `Approve it in the browser. If none opens, open this address on this machine:\n\n${page}\n\n`,
        )
        openBrowser(io, page)
      },
    })
  }
  return loginElsewhere(host, {
    machine,
    show: (page, userCode) =>
      void io.stderr.write(
        `Open ${page} in a browser, and type this code there:\n\n    ${escaped(userCode)}\n\n`,
      ),
  })
}

const logout = command({
  name: 'logout',
  about: 'Delete the stored token, here and on the server',
  flags: [hostFlag],
  settings: REMOTE_SETTINGS,
  example: 'sluice logout',
  async run(invocation) {
    const { io } = invocation
    const host = asUrl(hostOf(invocation))
    const file = tokenFileOf(io, host)
    const stored = file.read()
    if (!stored) {
      io.stdout.write(`There is no token for ${addressOfServer(host)}.\n`)
      return 0
    }
    // Kept if the server does not answer, so that it can be ended later.
    if (!hasEnded(stored)) await end(host, stored)
    file.remove()
    io.stdout.write(`Signed out of ${addressOfServer(host)}.\n`)
    return 0
  },
})

/** One that no longer counts has ended. */
async function end(host: URL, { token }: StoredToken): Promise<void> {
  try {
    await answer(host.href, () =>
      fetch(apiAddress(host, '/api/v2/me/token'), {
        ...{ method: 'DELETE', headers: { authorization: `Token ${token}` }, redirect: 'manual' },
        signal: AbortSignal.timeout(DEADLINE_MS),
      }),
    )
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 401) throw error
  }
}

const DEADLINE_MS = 30_000

export const loginCommands: readonly Command[] = [login, logout]
