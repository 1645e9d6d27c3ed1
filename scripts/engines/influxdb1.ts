/** InfluxDB 1.x for tests and trials, from Debian's package: on a free loopback port, in a folder that is removed with it. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'
import { createFolderUntilExit, runUntilExit } from './cleanup-on-exit.ts'
import { programPath } from './program-path.ts'

const READY_WITHIN_MS = 60_000

export interface Influxdb1 {
  readonly url: string
  /** Runs InfluxQL as the server's administrator, by POST, and gives what is answered. */
  query(
    q: string,
    parameters?: Readonly<Record<string, string>>,
    user?: string,
  ): Promise<{ results: Influxdb1Result[]; error?: string }>
  /** Writes lines of the line protocol. */
  write(database: string, lines: string, policy?: string): Promise<void>
  stop(): Promise<void>
}

export interface Influxdb1Result {
  readonly statement_id: number
  readonly error?: string
  readonly messages?: readonly unknown[]
  readonly series?: readonly {
    readonly name?: string
    readonly columns: readonly string[]
    readonly values?: readonly (readonly unknown[])[]
  }[]
}

/** The administrator of a server that asks for credentials; each other user has the same password. */
export const INFLUXDB1_ADMIN = 'root'
export const INFLUXDB1_PASSWORD = 'the upstream password'

/** The path of InfluxDB 1.x; undefined without one. InfluxDB 2 has a program of the same name. */
export function influxdb1Program(): string | undefined {
  const path = programPath('influxd')
  if (path === undefined) return undefined
  const { stdout } = spawnSync(path, ['version'], { encoding: 'utf8' })
  return /^InfluxDB v?1\./.test(stdout ?? '') ? path : undefined
}

/** Starts an empty server, which ends with this process. With `hasUsers` it asks for credentials. */
export async function startInfluxdb1({ hasUsers = false } = {}): Promise<Influxdb1> {
  const program = influxdb1Program()
  if (!program) throw new Error('there is no influxd on the path (Debian: apt-get install influxdb)')
  const folder = createFolderUntilExit('sluice-influxdb1-')
  const port = await freePort()
  const file = join(folder.path, 'influxdb.conf')
  writeFileSync(file, configuration(folder.path, { port, rpcPort: await freePort(), hasUsers }))
  const running = await runUntilExit(program, ['run', '-config', file])
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await running.end()
    await folder.remove()
  }
  try {
    await untilReady(url)
    if (hasUsers) {
      const user = `CREATE USER ${INFLUXDB1_ADMIN} WITH PASSWORD '${INFLUXDB1_PASSWORD}' WITH ALL PRIVILEGES`
      await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q: user }) })
    }
  } catch (error) {
    await stop()
    throw error
  }
  const headersOf = (user: string) =>
    hasUsers ? { authorization: `Basic ${btoa(`${user}:${INFLUXDB1_PASSWORD}`)}` } : {}
  return {
    ...{ url, stop },
    async query(q, parameters = {}, user = INFLUXDB1_ADMIN) {
      const body = new URLSearchParams({ q, ...parameters })
      const response = await fetch(`${url}/query`, { method: 'POST', headers: headersOf(user), body })
      const { results = [], error } = (await response.json()) as Awaited<ReturnType<Influxdb1['query']>>
      return { results, ...(error === undefined ? {} : { error }) }
    },
    async write(database, lines, policy = '') {
      const query = new URLSearchParams({ db: database, rp: policy })
      const headers = headersOf(INFLUXDB1_ADMIN)
      const response = await fetch(`${url}/write?${query}`, { method: 'POST', headers, body: lines })
      if (response.status !== 204) throw new Error(`InfluxDB refused the lines: ${await response.text()}`)
    },
  }
}

function configuration(
  folder: string,
  {
    port,
    rpcPort,
    hasUsers,
  }: { readonly port: number; readonly rpcPort: number; readonly hasUsers: boolean },
): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${join(folder, 'meta')}"
[data]
  dir = "${join(folder, 'data')}"
  wal-dir = "${join(folder, 'wal')}"
  query-log-enabled = false
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  auth-enabled = ${hasUsers}
  log-enabled = false
`
}

async function untilReady(url: string): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
    const status = await fetch(`${url}/ping`).then(
      (response) => response.status,
      () => undefined,
    )
    if (status === 204) return
    if (Date.now() > end) throw new Error('InfluxDB 1.x did not answer in time')
  }
}
