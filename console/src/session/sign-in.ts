/** Signing in and out, and changing the password that is asked for in between. */
import { api, basic, got } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { grantsOf, me } from '../api/queries.ts'
import { queryClient } from '../api/query-client.ts'
import { noteSignedIn, signedIn } from '../api/reauthentication.ts'

export type Entry = 'in' | 'must-change'

/** Signs in; `must-change` where nothing else is allowed before another password is chosen. */
export async function signIn(name: string, password: string, remember: boolean): Promise<Entry> {
  const query = remember ? { remember: true } : {}
  const headers = { authorization: basic(name, password) }
  try {
    await got(api.POST('/api/v2/signin', { params: { query }, headers }))
  } catch (error) {
    // A right password that is too weak gets no session, but may be replaced.
    if (asProblem(error).mustChangePassword) return 'must-change'
    throw error
  }
  return lookAround()
}

/** Finds out who is signed in and whether that is all for now. */
export async function lookAround(): Promise<Entry> {
  const before = queryClient.getQueryData(me.queryKey)
  const user = await queryClient.fetchQuery({ ...me, staleTime: 0 })
  // What somebody else read, such as before going back to the sign-in page, is nobody's now.
  if (before && before.id !== user.id) {
    queryClient.clear()
    queryClient.setQueryData(me.queryKey, user)
  }
  try {
    await queryClient.fetchQuery(grantsOf(user.id))
  } catch (error) {
    if (asProblem(error).mustChangePassword) return 'must-change'
    throw error
  }
  noteSignedIn(user)
  return 'in'
}

/** Chooses another password at sign-in, then signs in with it. */
export async function changeAtSignIn(name: string, old: string, chosen: string, remember: boolean) {
  await changePassword(name, old, chosen)
  return signIn(name, chosen, remember)
}

export function changePassword(name: string, old: string, chosen: string): Promise<unknown> {
  const headers = { authorization: basic(name, old) }
  return got(api.PUT('/api/v2/me/password', { headers, body: { password: chosen } }))
}

export async function signOut(): Promise<void> {
  // Before, so that nobody is asked to sign in again where the session has ended already.
  const user = signedIn()
  noteSignedIn(undefined)
  try {
    await got(api.POST('/api/v2/signout'))
  } catch (error) {
    if (!asProblem(error).isSignedOut) {
      noteSignedIn(user)
      throw error
    }
  }
  queryClient.clear()
}
