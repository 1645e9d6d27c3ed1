/**
 * Debian's packages for tests: the databases of several nodes, balancers, the browser of the console, the checker of
 * alert rules, servers behind the gateway, and a client. Missing ones are installed if possible (root on Debian); otherwise their
 * tests are skipped with a message, and with CI=true that is an error.
 */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { influxdb1Program } from './influxdb1.ts'
import { postgresPrograms } from './postgres.ts'
import { programPath } from './program-path.ts'
import { pythonInfluxdb } from './python-influxdb.ts'
import { redisProgram } from './redis.ts'
import { slapdPrograms } from './slapd.ts'
import { victoriaMetricsProgram } from './victoria-metrics.ts'

export { programPath }

export type EngineName =
  | 'postgres'
  | 'redis'
  | 'haproxy'
  | 'chromium'
  | 'nginx'
  | 'caddy'
  | 'prometheus'
  | 'influxdb1'
  | 'python-influxdb'
  | 'victoria-metrics'
  | 'slapd'

type Say = (sentence: string) => void

/** By name, the Debian packages and a check of whether their programs are installed. */
const ENGINES: Readonly<Record<EngineName, { packages: readonly string[]; isThere(): boolean }>> = {
  postgres: { packages: ['postgresql'], isThere: () => postgresPrograms() !== undefined },
  redis: { packages: ['redis-server'], isThere: () => redisProgram() !== undefined },
  haproxy: { packages: ['haproxy'], isThere: () => programPath('haproxy') !== undefined },
  chromium: { packages: ['chromium'], isThere: () => chromiumPath() !== undefined },
  nginx: { packages: ['nginx-light'], isThere: () => programPath('nginx') !== undefined },
  caddy: { packages: ['caddy'], isThere: () => programPath('caddy') !== undefined },
  prometheus: { packages: ['prometheus'], isThere: () => programPath('promtool') !== undefined },
  influxdb1: { packages: ['influxdb'], isThere: () => influxdb1Program() !== undefined },
  'python-influxdb': { packages: ['python3-influxdb'], isThere: pythonInfluxdb },
  'victoria-metrics': {
    packages: ['victoria-metrics'],
    isThere: () => victoriaMetricsProgram() !== undefined,
  },
  slapd: { packages: ['slapd'], isThere: () => slapdPrograms() !== undefined },
}

/** The path of a Chromium for tests of the console; undefined if there is none. */
export function chromiumPath(): string | undefined {
  return programPath('chromium') ?? programPath('chromium-browser') ?? programPath('google-chrome')
}

/** Installs missing programs if possible and reports those that stay missing. Throws if one does and CI=true. */
export function installEngines(
  names = Object.keys(ENGINES) as readonly EngineName[],
  options: { env?: NodeJS.ProcessEnv; say?: Say } = {},
): EngineName[] {
  const { env = process.env, say = defaultSay } = options
  const missing = missingEngines(names)
  if (missing.length > 0 && canInstall()) aptInstall(missing, say)
  const left = missingEngines(names)
  if (left.length === 0) return []
  const sentence = `${left.join(' and ')} cannot be found (Debian: apt-get install ${packagesOf(left)})`
  if (env.CI === 'true') throw new Error(`${sentence}, and with CI=true every test must run`)
  say(`${sentence}; the tests that need it are skipped`)
  return left
}

function defaultSay(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

export function missingEngines(names: readonly EngineName[]): EngineName[] {
  return names.filter((name) => !ENGINES[name].isThere())
}

/** The Debian packages that have them, as apt-get takes them. */
export function packagesOf(names: readonly EngineName[]): string {
  return names.flatMap((name) => ENGINES[name].packages).join(' ')
}

/** Whether this process may install Debian packages. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')
}

/** Debian asks this program whether a package may start its service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d'

function aptInstall(names: readonly EngineName[], say: Say): void {
  const packages = names.flatMap((name) => ENGINES[name].packages)
  say(`installing ${packagesOf(names)} ...`)
  const hasPolicy = existsSync(POLICY)
  if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const options: SpawnSyncOptions = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    const install = () =>
      spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
        .status === 0
    if (!install() && spawnSync('apt-get', ['update', '-qq'], options).status === 0) install()
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true })
  }
}
