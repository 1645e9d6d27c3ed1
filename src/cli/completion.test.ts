/** The completion scripts in the shells themselves; zsh and fish only if they are installed. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { runCommand } from '../../test/support/command.ts'
import { temporaryFolder } from '../../test/support/folder.ts'

/** What a shell must offer, among others or alone, after what was typed. */
const CASES: readonly {
  readonly typed: string
  readonly offers: readonly string[]
  readonly alone?: true
  readonly not?: readonly string[]
}[] = [
  { typed: 'sluice ses', offers: ['session'], alone: true },
  { typed: 'sluice ', offers: ['serve', 'token', 'completion'], not: ['rotate'] },
  { typed: 'sluice token ', offers: ['list', 'create', 'update', 'rotate', 'delete'], alone: true },
  { typed: 'sluice recovery user ', offers: ['list', 'create', 'update', 'reset-factors'], alone: true },
  { typed: 'sluice token rotate --gr', offers: ['--grace'], alone: true },
  { typed: 'sluice audit --', offers: ['--since', '--follow', '--help'], not: ['--grace'] },
  { typed: 'sluice audit --outcome thr', offers: ['throttled'], alone: true },
  { typed: 'sluice audit --limit 5 --outcome ref', offers: ['refused'], alone: true },
  { typed: 'sluice user create grace --role ', offers: ['member', 'owner'], alone: true },
  { typed: 'sluice backup here-is-a-f', offers: ['here-is-a-file'], alone: true },
  { typed: 'sluice print-config --config-path here-is-a-f', offers: ['here-is-a-file'], alone: true },
  { typed: 'sluice completion ', offers: ['bash', 'zsh', 'fish'], alone: true },
]

interface Place {
  readonly script: string
  readonly folder: string
}

function bash(typed: string, { script, folder }: Place): string[] {
  // As readline does it: words are split at the signs of COMP_WORDBREAKS, of which = matters.
  const words = typed.split(/ |(=)/).filter((word) => word !== undefined)
  const code = `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`
  return lines(execFileSync('bash', ['--noprofile', '--norc', '-c', code], { cwd: folder, encoding: 'utf8' }))
}

function fish(typed: string, { script, folder }: Place): string[] {
  const code = `source ${script}; complete -C '${typed}'`
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'dumb' }
  const out = execFileSync('fish', ['--no-config', '-c', code], { cwd: folder, env, encoding: 'utf8' })
  return lines(out).map((line) => line.split('\t')[0] ?? '')
}

/** In a zsh of its own on a pseudo-terminal, in which `compadd` writes what it would offer. */
function zsh(typed: string, { script, folder }: Place): string[] {
  const setUp = `
    PROMPT='' RPROMPT=''
    autoload -Uz compinit && compinit -u -D
    source ${script}
    done-line () { print -r -- '<<done>>'; exit 0 }
    zle -N done-line
    compadd () {
      if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
      typeset -a __hits
      builtin compadd -A __hits "$@"
      for hit in $__hits; do print -r -- "<$hit>"; done
    }
    bindkey '^M' done-line
    bindkey '^J' done-line
    bindkey '^I' complete-word
    print ready
  `
  const driver = `
    zmodload zsh/zpty
    zpty z zsh -f -i
    zpty -w z "source ${join(folder, 'set-up.zsh')}"
    zpty -r -m z line '*ready*'
    zpty -w z $'${typed}\\t'
    zpty -r -m z line '*<<done>>*'
    print -r -- $line
    zpty -d z
  `
  writeFileSync(join(folder, 'set-up.zsh'), setUp)
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'dumb' }
  const { stdout } = spawnSync('zsh', ['-f', '-c', driver], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 20_000,
  })
  const hits = [...stdout.matchAll(/<([^<>\r\n]+)>/g)].map(([, hit = '']) => hit)
  return [...new Set(hits)].filter((hit) => hit !== 'done')
}

const lines = (text: string) => text.split('\n').filter(Boolean)

function has(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0
}

for (const [shell, complete] of Object.entries({ bash, zsh, fish })) {
  suite(`completion in ${shell}`, { skip: has(shell) ? false : `${shell} is not installed` }, () => {
    for (const { typed, offers, alone, not = [] } of CASES) {
      test(typed, async () => {
        const folder = temporaryFolder()
        const script = join(folder, 'completion')
        writeFileSync(join(folder, 'here-is-a-file'), '')
        writeFileSync(script, (await runCommand(['completion', shell])).out)
        const offered = complete(typed, { script, folder })
        if (alone) assert.deepEqual(offered.toSorted(), offers.toSorted())
        for (const each of offers) assert.ok(offered.includes(each), `${each} in ${offered}`)
        for (const each of not) assert.ok(!offered.includes(each), `${each} in ${offered}`)
      })
    }
  })
}

test('bash completes the value after an equals sign', async () => {
  const folder = temporaryFolder()
  const script = join(folder, 'completion')
  writeFileSync(script, (await runCommand(['completion', 'bash'])).out)
  assert.deepEqual(bash('sluice audit --outcome=su', { script, folder }), ['success'])
})
