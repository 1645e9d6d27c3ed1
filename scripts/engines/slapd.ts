/** OpenLDAP's slapd for tests, from Debian's package: on free loopback ports, in a folder that is removed with it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'
import { createFolderUntilExit, type RunningProgram, runUntilExit } from './cleanup-on-exit.ts'
import { programPath } from './program-path.ts'

const READY_WITHIN_MS = 10_000
export const SUFFIX = 'dc=corp,dc=test'
export const ROOT_DN = `cn=root,${SUFFIX}`
export const ROOT_PASSWORD = 'password of the root'

export interface Slapd {
  /** `ldap://127.0.0.1:PORT`. */
  readonly plainUrl: string
  readonly plainPort: number
  /** `ldaps://127.0.0.1:PORT`; answers only with a certificate. */
  readonly tlsUrl: string
  readonly tlsPort: number
  /** Ends it at once, without closing its clients' connections. */
  kill(): Promise<void>
  /** Starts it again on the same ports, with its data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The paths of slapd and slapadd; undefined without both. */
export function slapdPrograms(): { readonly slapd: string; readonly slapadd: string } | undefined {
  const [slapd, slapadd] = [programPath('slapd'), programPath('slapadd')]
  return slapd && slapadd ? { slapd, slapadd } : undefined
}

/**
 * Starts a directory with these entries (LDIF), which ends with this process. `lines` go into its configuration before
 * the database, `databaseLines` into that of the database, such as access rules.
 */
export async function startSlapd({
  ldif,
  certificate,
  lines = [],
  databaseLines = [],
}: {
  ldif: string
  certificate?: { readonly cert: string; readonly key: string; readonly ca: string }
  lines?: readonly string[]
  databaseLines?: readonly string[]
}): Promise<Slapd> {
  const programs = slapdPrograms()
  if (!programs) throw new Error('there is no slapd (Debian: apt-get install slapd)')
  const folder = createFolderUntilExit('sluice-slapd-')
  const paths = Object.fromEntries(
    ['conf', 'data', 'ldif'].map((name) => [name, join(folder.path, name)]),
  ) as Record<'conf' | 'data' | 'ldif', string>
  mkdirSync(paths.data)
  writeFileSync(paths.ldif, ldif)
  const tls = certificate
    ? [
        `TLSCACertificateFile ${certificate.ca}`,
        `TLSCertificateFile ${certificate.cert}`,
        `TLSCertificateKeyFile ${certificate.key}`,
      ]
    : []
  const configuration = [
    ...['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    ...['back_mdb', 'memberof'].map((name) => `moduleload ${name}`),
    'modulepath /usr/lib/ldap',
    ...tls,
    ...lines,
    'database mdb',
    `suffix "${SUFFIX}"`,
    `rootdn "${ROOT_DN}"`,
    `rootpw "${ROOT_PASSWORD}"`,
    `directory ${paths.data}`,
    'index objectClass,uid,member,entryUUID eq',
    ...databaseLines,
    'overlay memberof',
  ]
  // The path of modules must come before the modules.
  const sorted = [...configuration].sort((one, other) => rank(one) - rank(other))
  writeFileSync(paths.conf, `${sorted.join('\n')}\n`)
  const [plainPort, tlsPort] = [await freePort(), await freePort()]
  const plainUrl = `ldap://127.0.0.1:${plainPort}`
  const tlsUrl = `ldaps://127.0.0.1:${tlsPort}`
  const urls = certificate ? `${plainUrl}/ ${tlsUrl}/` : `${plainUrl}/`
  const start = async () => {
    const running = await runUntilExit(programs.slapd, ['-f', paths.conf, '-h', urls, '-d', '0'])
    await untilOpen(plainPort, running)
    return running
  }
  let running: RunningProgram | undefined
  try {
    execFileSync(programs.slapadd, ['-q', '-f', paths.conf, '-l', paths.ldif], { stdio: 'pipe' })
    running = await start()
  } catch (error) {
    await folder.remove()
    throw error
  }
  const kill = async () => {
    await running?.end()
    running = undefined
  }
  return {
    ...{ plainUrl, plainPort, tlsUrl, tlsPort, kill },
    async restart() {
      await kill()
      running = await start()
    },
    async stop() {
      await kill()
      await folder.remove()
    },
  }
}

const rank = (line: string) => (line.startsWith('modulepath') ? 0 : line.startsWith('moduleload') ? 1 : 2)

async function untilOpen(port: number, running: RunningProgram): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ; await sleep(20)) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
    })
    if (isOpen) return
    if (Date.now() > end) {
      await running.end()
      throw new Error('slapd did not answer in time')
    }
  }
}
