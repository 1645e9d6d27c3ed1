/** Programs from outside npm: finds them, or installs them if this machine allows it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Names the program that a round lacks. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool'
}

const INSTALL_MS = 180_000

export function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).error === undefined
}

/** Ensures that a program of a Debian package is installed; throws `MissingTool`. */
export function needProgram(program: string, debianPackage: string): string {
  if (!runs(program, '-h')) {
    aptInstall(debianPackage)
    if (!runs(program, '-h')) throw new MissingTool(`${program} (Debian package ${debianPackage})`)
  }
  return program
}

/** The path of libfaketime, which gives a process its own clock; throws `MissingTool`. */
export function needFaketime(): string {
  if (!faketime()) aptInstall('faketime')
  const found = faketime()
  if (!found) throw new MissingTool('libfaketime (Debian package faketime)')
  return found
}

const faketime = () =>
  ['x86_64', 'aarch64']
    .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
    .find((path) => existsSync(path))

/** Does nothing without the right to install. */
export function aptInstall(debianPackage: string): void {
  if (process.getuid?.() !== 0 || !runs('apt-get', '--version')) return
  const options = { stdio: 'ignore', timeout: INSTALL_MS } as const
  spawnSync('apt-get', ['update', '-qq'], options)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], {
    ...options,
    env,
  })
}

const VENV = fileURLToPath(new URL('../node_modules/.cache/schemathesis', import.meta.url))
const SCHEMATHESIS = 'schemathesis==4.32.5'

/** The path of schemathesis, in a virtual environment; throws `MissingTool`. */
export function needSchemathesis(): string {
  const program = `${VENV}/bin/schemathesis`
  if (existsSync(program) && runs(program, '--version')) return program
  const quiet = { stdio: 'ignore', timeout: INSTALL_MS } as const
  const made = () => spawnSync('python3', ['-m', 'venv', '--clear', VENV], quiet).status === 0
  if (!made()) {
    aptInstall('python3-venv')
    if (!made()) throw new MissingTool('python3 with venv (Debian package python3-venv)')
  }
  spawnSync(`${VENV}/bin/python`, ['-m', 'pip', 'install', '-q', SCHEMATHESIS], quiet)
  if (!existsSync(program)) throw new MissingTool(`${SCHEMATHESIS} (from PyPI, by pip)`)
  return program
}
