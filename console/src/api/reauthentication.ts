/** Lets the user sign in again in a dialog over the page, so that typed text is not lost. */

/** `ended`: the session has ended. `stale`: the sign-in is too old for the request. */
export type SignInCause = 'ended' | 'stale'

export interface Reauthentication {
  readonly reason: SignInCause
  answer(signedIn: boolean): void
}

interface SignedInUser {
  readonly id: string
  readonly name: string
}

let signedInAs: SignedInUser | undefined
let pending: Reauthentication | undefined
let answered: Promise<boolean> | undefined
const listeners = new Set<() => void>()

/** Sets the signed-in user. Without one, requests never ask for reauthentication. */
export function noteSignedIn(user: SignedInUser | undefined): void {
  signedInAs = user
}
export const signedIn = () => signedInAs
export const isSignedIn = () => signedInAs !== undefined
export const signedInName = () => signedInAs?.name ?? ''

/** Opens the dialog and resolves to whether the user signed in. Concurrent callers share one dialog. */
export function reauthenticate(reason: SignInCause): Promise<boolean> {
  answered ??= new Promise<boolean>((resolve) => {
    pending = {
      reason,
      answer(signedIn) {
        pending = undefined
        answered = undefined
        for (const listener of listeners) listener()
        resolve(signedIn)
      },
    }
    for (const listener of listeners) listener()
  })
  return answered
}

export const currentReauthentication = () => pending

export function onReauthentication(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
