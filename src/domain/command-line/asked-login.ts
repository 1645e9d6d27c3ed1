/** What asks for a token of the command line, until somebody decides: sealed in an address, or kept by a user code. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Caller } from '../access/principal.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { invalid } from '../base/errors.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { DeviceLoginStore } from '../records/device-login.ts'
import type { Seal } from '../second-factors/seal.ts'
import { hashOfUserCode } from './user-code.ts'

/** How long a person may take to decide. */
export const LOGIN_MS = 10 * 60_000
/** Another node, whose clock may differ, may have begun it. */
export const CLOCKS_DIFFER_MS = 60_000

interface Asked {
  /** What the client says of its machine. */
  readonly host: string
  /** The client's address, as this server saw it. */
  readonly address: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The sign-in of a command whose browser is on the same machine (RFC 8252, 7.3). */
export interface LoopbackLogin extends Asked {
  readonly kind: 'loopback'
  /** Where the browser goes afterwards. */
  readonly redirectUri: string
  readonly state: string
  /** S256 (RFC 7636). */
  readonly challenge: string
}

/** The sign-in of a command whose browser is elsewhere (RFC 8628). */
export interface DeviceLogin extends Asked {
  readonly kind: 'device'
  /**
   * Those of the record in the store, sealed with the rest: who can write to the store must not put a device of their
   * own in the place of the one whose code a person types.
   */
  readonly codeHash: string
  readonly deviceHash: string
}

export type AskedLogin = LoopbackLogin | DeviceLogin

/** The sealed request in the address of the page, or the code that a person typed. */
export type WhichLogin =
  | { readonly request: string; readonly userCode?: undefined }
  | { readonly userCode: string; readonly request?: undefined }

export interface AskedLogins {
  seal(login: AskedLogin): Promise<string>
  /** Throws `invalid` with `login-invalid` for one that has ended, was decided or never was; a wrong code counts. */
  find(which: WhichLogin, caller: Caller): Promise<AskedLogin>
}

export const loginInvalid = (details?: { cause?: unknown }) =>
  invalid('this sign-in of a command line is over or never was; begin it again', {
    ...details,
    reason: 'login-invalid',
  })

export const isFresh = ({ at }: { at: number }, now: number, lengthMs: number): boolean =>
  now - at >= -CLOCKS_DIFFER_MS && now - at < lengthMs

export function createAskedLogins(deps: {
  seal: Seal
  deviceLogins: Pick<DeviceLoginStore, 'byCode'>
  guard: Pick<GuessGuard, 'attemptCode'>
  now: Clock
}): AskedLogins {
  async function open(sealed: string): Promise<AskedLogin | undefined> {
    const text = await deps.seal.open('login-asked', sealed)
    const login = text === undefined ? undefined : (JSON.parse(text) as AskedLogin)
    return login && isFresh(login, deps.now(), LOGIN_MS) ? login : undefined
  }

  async function byCode(typed: string): Promise<AskedLogin | undefined> {
    const codeHash = hashOfUserCode(typed)
    const found = await deps.deviceLogins.byCode(codeHash)
    if (!found || found.isDecided) return undefined
    const login = await open(found.asked)
    const isSame = login?.kind === 'device' && login.codeHash === codeHash
    return isSame && login.deviceHash === found.deviceHash ? login : undefined
  }

  return {
    seal: (login) => deps.seal.seal('login-asked', JSON.stringify(login)),
    async find({ request, userCode }, { principal, origin }) {
      if (request !== undefined) {
        const login = await open(request)
        if (login?.kind !== 'loopback') throw loginInvalid()
        return login
      }
      let found: AskedLogin | undefined
      const attempt = { userID: principal.user.id, address: addressKey(origin.address) }
      await deps.guard.attemptCode(attempt, async () => {
        found = await byCode(userCode)
        return found !== undefined
      })
      if (!found) throw loginInvalid()
      return found
    },
  }
}

/** Whether the verifier is that of the challenge (RFC 7636, 4.6). */
export function isVerifierOf(challenge: string, verifier: string): boolean {
  const [made, wanted] = [hash('sha256', verifier, 'buffer'), Buffer.from(challenge, 'base64url')]
  return made.length === wanted.length && timingSafeEqual(made, wanted)
}
