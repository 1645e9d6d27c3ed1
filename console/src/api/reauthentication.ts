/** Asks the person to sign in again, over the page, so that nothing that was typed is lost. */

/** `ended`: there is no session any more. `stale`: it is too old for what was asked. */
export type SignInCause = 'ended' | 'stale'

export interface PendingSignIn {
  readonly reason: SignInCause
  answer(signedIn: boolean): void
}

interface Somebody {
  readonly id: string
  readonly name: string
}

let signedInAs: Somebody | undefined
let asking: PendingSignIn | undefined
let answered: Promise<boolean> | undefined
const listeners = new Set<() => void>()

/** Who is signed in; before that nobody is asked to sign in again. */
export function noteSignedIn(user: Somebody | undefined): void {
  signedInAs = user
}
export const signedIn = () => signedInAs
export const isSignedIn = () => signedInAs !== undefined
export const signedInName = () => signedInAs?.name ?? ''

/** Resolves when the person has signed in, or would not. All who ask meanwhile wait for the same answer. */
export function askSignIn(reason: SignInCause): Promise<boolean> {
  answered ??= new Promise<boolean>((resolve) => {
    asking = {
      reason,
      answer(signedIn) {
        asking = undefined
        answered = undefined
        for (const listener of listeners) listener()
        resolve(signedIn)
      },
    }
    for (const listener of listeners) listener()
  })
  return answered
}

export const currentAsking = () => asking

export function onAsking(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
