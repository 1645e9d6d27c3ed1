import type { CommandSet } from './command.ts'
import { type CompletedFlag, completedPaths } from './completion-words.ts'

/** For fish 3 and newer. */
export function fishCompletion(set: CommandSet): string {
  const paths = completedPaths(set)
  const known = paths.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  const lines = paths.flatMap(({ path, words, flags, files }) => {
    const at = `complete -c sluice -n "__sluice_at '${path}'"`
    return [
      ...words.map(({ word, about }) => `${at} -f -a ${quotedFish(word)}${described(about)}\n`),
      ...flags.map((flag) => `${at} ${flagOptions(flag)}${described(flag.about)}\n`),
      ...(files ? [`${at} -F\n`] : []),
    ]
  })
  return `# fish completion for sluice; made by: sluice completion fish
set -g __sluice_paths ${known.join(' ')}

function __sluice_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    set -l longer (string trim -- "$path $word")
    contains -- $longer $__sluice_paths; and set path $longer
  end
  test "$path" = "$argv[1]"
end

complete -c sluice -f
${lines.join('')}`
}

function flagOptions({ flag, value }: CompletedFlag): string {
  const name = `-l ${flag.slice(2)}`
  if (value === 'none') return `-f ${name}`
  if (value === 'files') return `-r -F ${name}`
  if (value === 'any') return `-x ${name}`
  return `-x ${name} -a ${quotedFish(value.join(' '))}`
}

const described = (about: string) => (about ? ` -d ${quotedFish(about)}` : '')

function quotedFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
