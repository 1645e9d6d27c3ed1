/** HAProxy in front of the nodes. A test compares its configuration with the one in docs/cluster.md. */
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { programPath } from '../scripts/engines/install.ts'
import { type Program, startProgram, until } from './program.ts'

export interface Haproxy {
  readonly url: string
  readonly port: number
  readonly configPath: string
  /** Sends a command to its socket and returns the answer. */
  admin(command: string): Promise<string>
  /** Sends no new requests to a node and waits until it has answered the current ones. */
  drain(node: string): Promise<void>
  /** Sends requests to the node again. */
  ready(node: string): Promise<void>
  stop(): Promise<void>
}

export interface HaproxyNode {
  readonly name: string
  /** `host:port`. */
  readonly address: string
}

/** HAProxy's response if a node dies during a request: the same as Sluice's own. */
export const LOST = `HTTP/1.1 503 Service Unavailable
Content-Type: application/json; charset=utf-8
Cache-Control: no-store
Retry-After: 1

{"code":"unavailable","message":"no node could answer; try again shortly"}
`

export function haproxyConfig(options: {
  /** The arguments of `bind`. */
  bind: string
  nodes: readonly HaproxyNode[]
  socketPath: string
  errorFile: string
}): string {
  const { bind, nodes, socketPath, errorFile } = options
  const servers = nodes.map(({ name, address }) => `    server ${name} ${address}`).join('\n')
  return `global
    stats socket ${socketPath} mode 600 level admin

defaults
    mode http
    timeout client  60s
    timeout connect 1s
    timeout server  9s
    timeout queue   1s
    # A refused connection is tried on another node; a request already sent, only if it changes nothing.
    retries 2
    option redispatch 1
    retry-on conn-failure empty-response
    errorfile 502 ${errorFile}
    errorfile 503 ${errorFile}
    errorfile 504 ${errorFile}

frontend sluice
    bind ${bind}
    http-request disable-l7-retry unless METH_GET or METH_HEAD
    http-request deny deny_status 404 if { path /metrics }
    http-request del-header Forwarded
    option forwardfor
    # If no node is ready, ask one anyway: its answer says what is missing, and it does what it can.
    use_backend unready if { nbsrv(nodes) eq 0 }
    default_backend nodes

backend nodes
    balance leastconn
    option httpchk GET /ready
    http-check expect status 200
    default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${servers}

backend unready
    balance roundrobin
${servers}
`
}

export async function startHaproxy(
  folder: string,
  { port, nodes, core }: { port: number; nodes: readonly HaproxyNode[]; core?: string },
): Promise<Haproxy> {
  const program = programPath('haproxy')
  if (!program) throw new Error('HAProxy is missing (Debian: haproxy)')
  const socketPath = join(folder, 'haproxy.sock')
  const errorFile = join(folder, 'unavailable.http')
  const configPath = join(folder, 'haproxy.cfg')
  writeFileSync(errorFile, LOST.replaceAll('\n', '\r\n'))
  writeFileSync(configPath, haproxyConfig({ bind: `127.0.0.1:${port}`, nodes, socketPath, errorFile }))
  const running: Program = startProgram([program, '-db', '-f', configPath], {
    logPath: join(folder, 'haproxy.log'),
    ...(core ? { core } : {}),
  })
  const admin = (command: string) => ask(socketPath, command)
  /** The number of a node's current requests (`scur`, the fifth field). */
  async function underWay(node: string): Promise<number> {
    const lines = (await admin('show stat')).split('\n').map((line) => line.split(','))
    const of = lines.filter(([, server]) => server === node)
    return of.reduce((sum, fields) => sum + Number(fields[4]), 0)
  }
  await until('HAProxy starts', async () => (await admin('show info')).includes('Name: HAProxy'), 10_000)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    configPath,
    admin,
    async drain(node) {
      await admin(`set server nodes/${node} state drain`)
      await admin(`set server unready/${node} state maint`)
      await until(`${node} has answered all`, async () => !(await underWay(node)), 15_000)
    },
    async ready(node) {
      await admin(`set server nodes/${node} state ready`)
      await admin(`set server unready/${node} state ready`)
    },
    stop: () => running.end('SIGTERM', 3000),
  }
}

function ask(socketPath: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(`${command}\n`))
    let text = ''
    socket.setEncoding('utf8').setTimeout(2000, () => socket.destroy(new Error('HAProxy does not answer')))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(text))
  })
}
