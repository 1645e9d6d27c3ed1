/** How much of what clients send is stored: without bounds a few requests fill the disk and hold up others. */
import { unprocessable } from './errors.ts'

/** In bytes of UTF-8. */
export const LONGEST_NAME = 1024
export const LONGEST_DESCRIPTION = 4096
export const MOST_PERMISSIONS = 1000

/** Refuses a name that is too long to be stored; `what` says whose it is. Throws `unprocessable entity`. */
export function requireNameFits(what: string, name: string | undefined): void {
  requireFits(`the name of ${what}`, name, LONGEST_NAME)
}

/** The same for a description. */
export function requireDescriptionFits(what: string, description: string | undefined): void {
  requireFits(`the description of ${what}`, description, LONGEST_DESCRIPTION)
}

/** Refuses any other stored text of more than `most` bytes of UTF-8; throws `unprocessable entity`. */
export function requireFits(what: string, text: string | undefined, most: number): void {
  if (text !== undefined && Buffer.byteLength(text) > most) {
    throw unprocessable(`${what} may have at most ${most} bytes`)
  }
}

/** Characters of JSON: some 50,000 permissions. Each request of a user whose rights changed reads all of them. */
const MOST_OF_USER = 5_000_000
/** What reading a token costs beside its permissions, in such characters: a user may have some 20,000 small tokens. */
const OF_EACH_TOKEN = 160

/**
 * Refuses one more token for a user whose tokens take too much together; throws `unprocessable entity`. Reading and
 * listing them holds up all other requests.
 */
export function requireRoomForToken(
  stored: { readonly count: number; readonly permissionsLength: number },
  permissions: readonly unknown[],
): void {
  const length = stored.permissionsLength + JSON.stringify(permissions).length
  if (length + (stored.count + 1) * OF_EACH_TOKEN <= MOST_OF_USER) return
  throw unprocessable(
    `one user's tokens may take at most ${MOST_OF_USER} characters, of which each takes ${OF_EACH_TOKEN} and its permissions; delete tokens that are not used`,
  )
}

/** Refuses a token of too many permissions; throws `unprocessable entity`. */
export function requireFewPermissions(permissions: readonly unknown[]): void {
  if (permissions.length > MOST_PERMISSIONS) {
    throw unprocessable(`a token may have at most ${MOST_PERMISSIONS} permissions`)
  }
}
