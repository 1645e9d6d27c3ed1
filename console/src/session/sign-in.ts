/** Sign-in, sign-out, and the password change that a sign-in may require. */
import { api, basic, got } from '../api/client.ts'
import { grantsOf, me } from '../api/entry-queries.ts'
import { answerOf } from '../api/passkeys.ts'
import { asProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { noteSignedIn, signedIn } from '../api/reauthentication.ts'

export type Entry = 'in' | 'must-change' | 'must-enrol'

/** A second factor is due before there is a session: one of these, such as `passkey`. */
export interface FactorDue {
  readonly factors: readonly string[]
}

const queryOf = (remember: boolean) => (remember ? { remember: true } : {})

/**
 * Signs in; returns `must-change` if the user must choose a new password first, and `must-enrol` if they must add a
 * second factor.
 */
export async function signIn(name: string, password: string, remember: boolean): Promise<Entry | FactorDue> {
  const headers = { authorization: basic(name, password) }
  try {
    await got(api.POST('/api/v2/signin', { params: { query: queryOf(remember) }, headers }))
  } catch (error) {
    // A correct but weak password gets no session, but can be replaced.
    const { mustChangePassword, reason, factors } = asProblem(error)
    if (mustChangePassword) return 'must-change'
    if (reason === 'second-factor-required') return { factors }
    throw error
  }
  return lookAround()
}

/** Goes on with a sign-in whose second factor is due. */
export async function sendCode(code: string): Promise<Entry> {
  await got(api.POST('/api/v2/signin/second-factor', { body: { code } }))
  return lookAround()
}

/** The same, by a passkey. */
export async function sendPasskey(): Promise<Entry> {
  const { publicKey } = await got(api.POST('/api/v2/signin/second-factor/passkey/challenge'))
  const passkey = await answerOf(publicKey)
  await got(api.POST('/api/v2/signin/second-factor/passkey', { body: { passkey } }))
  return lookAround()
}

/** Signs in by a passkey alone, of whichever user. */
export async function signInByPasskey(remember: boolean): Promise<Entry> {
  const { publicKey } = await got(api.POST('/api/v2/signin/passkey/challenge'))
  const passkey = await answerOf(publicKey)
  const params = { query: queryOf(remember) }
  await got(api.POST('/api/v2/signin/passkey', { params, body: { passkey } }))
  return lookAround()
}

/** Loads the signed-in user and what they must do first. */
export async function lookAround(): Promise<Entry> {
  const before = queryClient.getQueryData(me.queryKey)
  const user = await queryClient.fetchQuery({ ...me, staleTime: 0 })
  // The cache may hold another user's data, such as after going back to the sign-in page.
  if (before && before.id !== user.id) {
    queryClient.clear()
    queryClient.setQueryData(me.queryKey, user)
  }
  try {
    await queryClient.fetchQuery(grantsOf(user.id))
  } catch (error) {
    const { mustChangePassword, mustEnrol } = asProblem(error)
    if (mustChangePassword) return 'must-change'
    if (mustEnrol) return 'must-enrol'
    throw error
  }
  noteSignedIn(user)
  return 'in'
}

/** Changes the password and then signs in with the new one, unless a session that has both factors goes on. */
export async function changeAtSignIn(
  name: string,
  old: string,
  chosen: string,
  remember: boolean,
): Promise<Entry | 'second-factor'> {
  await changePassword(name, old, chosen)
  const entry = await signIn(name, chosen, remember)
  return typeof entry === 'string' ? entry : lookAround().catch(() => 'second-factor' as const)
}

export function changePassword(name: string, old: string, chosen: string): Promise<unknown> {
  const headers = { authorization: basic(name, old) }
  return got(api.PUT('/api/v2/me/password', { headers, body: { password: chosen } }))
}

/** Signs out; also at the provider, where the browser then goes. */
export async function signOut(): Promise<void> {
  // Cleared before the request, so that an ended session does not open the dialog for signing in again.
  const user = signedIn()
  noteSignedIn(undefined)
  try {
    const { url } = await got(api.POST('/api/v2/signout/provider'))
    if (url !== undefined) location.assign(url)
  } catch (error) {
    if (!asProblem(error).isSignedOut) {
      noteSignedIn(user)
      throw error
    }
  }
  queryClient.clear()
}
