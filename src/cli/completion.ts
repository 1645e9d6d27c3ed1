/** `sluice completion`: the script by which a shell completes commands, flags and their values. */
import { type Command, type CommandSet, command } from './frame/command.ts'
import { bashCompletion } from './frame/completion-bash.ts'
import { fishCompletion } from './frame/completion-fish.ts'
import { zshCompletion } from './frame/completion-zsh.ts'

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const
type Shell = keyof typeof SCRIPTS

/** `set` is asked for when the command runs: it has this command too. */
export function completionCommand(set: () => CommandSet): Command {
  return command({
    name: 'completion',
    about: 'Print the script with which a shell completes commands and flags',
    details:
      'For bash: source <(sluice completion bash). For zsh the same with zsh, after compinit. For fish: sluice completion fish | source.',
    args: [{ name: 'SHELL', about: 'bash, zsh or fish.', values: Object.keys(SCRIPTS) }],
    flags: [],
    example: 'sluice completion bash > /etc/bash_completion.d/sluice',
    async run({ args, io }) {
      io.stdout.write(SCRIPTS[args[0] as Shell](set()))
      return 0
    },
  })
}
