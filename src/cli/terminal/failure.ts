/** Why a command that was used rightly did not do its work, in one sentence: exit status 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}
