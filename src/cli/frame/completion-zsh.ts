import type { CommandSet } from './command.ts'
import { type CompletedFlag, completedPaths } from './completion-words.ts'

/** For zsh 5, sourced after compinit or in a folder of fpath as `_sluice`. */
export function zshCompletion(set: CommandSet): string {
  const paths = completedPaths(set)
  const known = paths.map(({ path }) => `    '${path}') return 0 ;;\n`).join('')
  const follow = paths.map(({ path, words, flags, files }) => {
    const described = words.map(({ word, about }) => quotedItem(word, about)).join(' ')
    const flagNames = flags.map(({ flag, about }) => quotedItem(flag, about)).join(' ')
    return `    '${path}')\n      words_=(${described})\n      flags_=(${flagNames})\n      files=${files ? 1 : 0} ;;\n`
  })
  const values = paths.flatMap(({ path, flags }) =>
    flags.filter(({ value }) => value !== 'none').map((flag) => valueCase(path, flag)),
  )
  return `#compdef sluice
# zsh completion for sluice; made by: sluice completion zsh
_sluice_known() {
  case "$1" in
${known}  esac
  return 1
}

_sluice() {
  local cur="$words[CURRENT]" prev="$words[CURRENT-1]" at='' word i values='-'
  integer files=0
  local -a words_ flags_
  for ((i = 2; i < CURRENT; i++)); do
    word="$words[i]"
    if [[ $word != -* ]] && _sluice_known "\${at:+$at }$word"; then at="\${at:+$at }$word"; fi
  done
  if [[ $cur == --*=* ]]; then
    prev="\${cur%%=*}"
    compset -P '*='
  fi
  case "$at $prev" in
${values.join('')}  esac
  case "$values" in
    '-') ;;
    '<files>') _files; return ;;
    '<any>') _message 'value'; return ;;
    *) compadd -- \${=values}; return ;;
  esac
  case "$at" in
${follow.join('')}  esac
  if [[ $cur == -* ]]; then
    _describe -o 'flag' flags_
  elif ((files)); then
    _files
  else
    _describe 'command' words_
  fi
}

# Sourced, it registers itself; from fpath, it is the function.
if [[ $funcstack[1] == _sluice ]]; then
  _sluice "$@"
else
  compdef _sluice sluice
fi
`
}

/** `word:what it does`, quoted for zsh. */
function quotedItem(word: string, about: string): string {
  const text = `${word}${about ? `:${about.replaceAll(':', '\\:')}` : ''}`
  return `'${text.replaceAll("'", "'\\''")}'`
}

function valueCase(path: string, { flag, value }: CompletedFlag): string {
  const values = typeof value === 'string' ? `<${value}>` : value.join(' ')
  return `    '${path} ${flag}') values='${values}' ;;\n`
}
