/** Asks before what cannot be undone. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { boolean } from '../../config/shapes/setting.ts'
import { CommandFailure } from './failure.ts'
import { createPrompt, type Io } from './io.ts'

export const yesFlag = boolean({ name: 'yes', default: false, about: 'Does not ask for confirmation.' })

/**
 * Returns if `--yes` is given or the answer is yes. Without a terminal to ask on, `--yes` must be given. Throws
 * CommandFailure for another answer.
 */
export async function confirmed(io: Io, question: string, yes: boolean): Promise<void> {
  if (yes) return
  if (!io.stdin.isTTY) {
    throw new ConfigurationError('there is no terminal to ask for confirmation; --yes goes on without it')
  }
  const prompt = createPrompt(io)
  try {
    const answer = await prompt.line(`${question} [y/N]`, '--yes')
    if (!/^y(es)?$/i.test(answer)) throw new CommandFailure('nothing was changed')
  } finally {
    prompt.close()
  }
}
