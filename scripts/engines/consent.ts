/** Asks before a command that a person runs to try something installs packages on their machine. */
import { createInterface } from 'node:readline/promises'

export interface Asked {
  /** What cannot be started without them, such as `The cluster`. */
  readonly what: string
  /** As apt-get takes them. */
  readonly packages: string
  readonly canInstall: boolean
  /** From `--yes`. */
  readonly isAgreed: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

/** Whether to install the packages. Says which ones first; without a terminal, `--yes` or CI=true must be given. */
export async function agreesToInstall(asked: Asked): Promise<boolean> {
  const { what, packages, canInstall, isAgreed, env, input, output } = asked
  const say = (sentence: string) => void output.write(`${sentence}\n`)
  if (!canInstall) {
    say(
      `${what} needs packages that are not on this machine. On Debian, as root: apt-get install ${packages}`,
    )
    return false
  }
  say(`${what} needs packages that are not on this machine, and installs them for all users: ${packages}`)
  if (isAgreed || env.CI === 'true') return true
  if (!input.isTTY) {
    say('To agree, run it again with --yes (npm run cluster -- --yes).')
    return false
  }
  const lines = createInterface({ input, output })
  // Ctrl-D and Ctrl-C close it without an answer.
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  const answer = await Promise.race([lines.question('Install them? [y/N] '), closed])
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}
