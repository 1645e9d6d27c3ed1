/** For tests of `sluice login`: a machine whose browser says which page it was asked to open. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../support/folder.ts'
import { runSluice, spawnSluice } from './sluice.ts'

/** A machine: its home, and a program that is opened as a browser and writes down its argument. */
export function machine() {
  const home = temporaryFolder()
  const opened = join(home, 'opened')
  const program = join(home, 'xdg-open')
  writeFileSync(program, `#!/bin/sh\nprintf %s "$1" > ${opened}.new && mv ${opened}.new ${opened}\n`)
  chmodSync(program, 0o755)
  const env = { PATH: `${home}:${process.env.PATH}`, DISPLAY: ':0' }
  return {
    home,
    env,
    async page(): Promise<URL> {
      for (;;) {
        try {
          return new URL(readFileSync(opened, 'utf8'))
        } catch {
          await sleep(20)
        }
      }
    },
    run: (args: readonly string[], more = {}) => runSluice(args, { cwd: home, env: { ...env, ...more } }),
  }
}

export type Machine = ReturnType<typeof machine>

/** A command that goes on: what it writes, and how it ends. */
export function beginLogin(args: readonly string[], { home, env }: Machine, more = {}) {
  const { child, ended } = spawnSluice(args, home, { ...env, ...more })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  return {
    ended: ended.then(({ code }) => ({ code, out, err })),
    async found(pattern: RegExp): Promise<string> {
      for (;;) {
        const match = pattern.exec(err)
        if (match) return match[1] ?? ''
        await sleep(20)
      }
    },
  }
}
