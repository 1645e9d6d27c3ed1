import type { CommandSet } from './command.ts'
import { type CompletedFlag, completedPaths } from './completion-words.ts'

/** For bash 3.2 and newer, without the package bash-completion. */
export function bashCompletion(set: CommandSet): string {
  const paths = completedPaths(set)
  const known = paths.map(({ path }) => `    ${quotedWord(path)}) return 0 ;;\n`).join('')
  const follow = paths.map(({ path, words, flags, files }) => {
    const names = words.map(({ word }) => word).join(' ')
    const flagNames = flags.map(({ flag }) => flag).join(' ')
    return `    ${quotedWord(path)}) words='${names}' flags='${flagNames}' files=${files ? 1 : 0} ;;\n`
  })
  const values = paths.flatMap(({ path, flags }) =>
    flags.filter(({ value }) => value !== 'none').map((flag) => valueCase(path, flag)),
  )
  return `# bash completion for sluice; made by: sluice completion bash
_sluice_known() {
  case "$1" in
${known}  esac
  return 1
}

_sluice() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local path='' words='' flags='' values='' files=0 i word
  COMPREPLY=()
  # bash splits --flag=value at the sign.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $word != -* ]] && _sluice_known "\${path:+$path }$word"; then path="\${path:+$path }$word"; fi
  done
  case "$path $prev" in
${values.join('')}    *) values='-' ;;
  esac
  if [[ $values != '-' ]]; then
    if [[ $values == '<files>' ]]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur"))
    elif [[ $values != '<any>' ]]; then
      COMPREPLY=($(compgen -W "$values" -- "$cur"))
    fi
    return
  fi
  case "$path" in
${follow.join('')}  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  elif ((files)); then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}

complete -F _sluice sluice
`
}

const quotedWord = (path: string) => `'${path}'`

function valueCase(path: string, { flag, value }: CompletedFlag): string {
  const values = typeof value === 'string' ? `<${value}>` : value.join(' ')
  return `    '${path} ${flag}') values='${values}' ;;\n`
}
