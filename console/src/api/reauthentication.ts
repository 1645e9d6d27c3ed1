/** Lets the user sign in again in a dialog over the page, so that typed text is not lost. */

/** `ended`: there is no session any more. `stale`: it is too old for what was asked. */
export type SignInCause = 'ended' | 'stale'

export interface PendingSignIn {
  readonly reason: SignInCause
  answer(signedIn: boolean): void
}

interface SignedInUser {
  readonly id: string
  readonly name: string
}

let signedInAs: Somebody | undefined
let asking: PendingSignIn | undefined
let answered: Promise<boolean> | undefined
const listeners = new Set<() => void>()

/** Sets the signed-in user. Without one, requests never ask for reauthentication. */
export function noteSignedIn(user: SignedInUser | undefined): void {
  signedInAs = user
}
export const signedIn = () => signedInAs
export const isSignedIn = () => signedInAs !== undefined
export const signedInName = () => signedInAs?.name ?? ''

/** Resolves when the person has signed in, or would not. All who ask meanwhile wait for the same answer. */
export function askSignIn(reason: SignInCause): Promise<boolean> {
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
