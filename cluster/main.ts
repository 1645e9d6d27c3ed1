/**
 * A cluster to try out: `npm run cluster`. PostgreSQL, Redis with Sentinels, three nodes and HAProxy on loopback, with
 * data in a temporary folder; Ctrl-C stops everything. `--port` sets HAProxy's port, 8086 by default if it is free.
 * `--yes` installs missing packages without asking.
 */
import { parseArgs } from 'node:util'
import { agreesToInstall } from '../scripts/engines/consent.ts'
import { canInstall, installEngines, missingEngines, packagesOf } from '../scripts/engines/install.ts'
import { watchNpm } from '../scripts/npm-watch.ts'
import { startCluster } from './cluster.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8086' },
    nodes: { type: 'string', default: '3' },
    yes: { type: 'boolean', default: false },
  },
})

const stopping = new Promise<void>((resolve) => {
  // A terminal's Ctrl-C comes twice, once from npm; the second one must not end what the first one began.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  watchNpm('cluster', resolve)
})

const NEEDED = ['postgres', 'redis', 'haproxy'] as const
const missing = missingEngines(NEEDED)
if (missing.length > 0) {
  const agrees = await agreesToInstall({
    ...{ what: 'The cluster', packages: packagesOf(missing), canInstall: canInstall(), isAgreed: values.yes },
    ...{ env: process.env, input: process.stdin, output: process.stdout },
  })
  if (!agrees || installEngines(NEEDED).length > 0) process.exit(1)
}
const starting = startCluster({
  port: Number(values.port),
  nodes: Number(values.nodes),
  onStep: (what) => console.log(`starting ${what} ...`),
})
const cluster = await starting
const { haproxy, nodes, postgres, redis } = cluster
const url = haproxy?.url ?? ''
const master = await redis.master()
const rows: [string, string, string][] = [
  ['HAProxy', url, `${haproxy?.configPath}`],
  ...nodes.map((node): [string, string, string] => [node.name, node.url, node.logPath]),
  ['PostgreSQL', postgres.url, `process ${postgres.pid()}`],
  ...redis.servers.map((server): [string, string, string] => [
    server === master ? 'Redis, master' : 'Redis, replica',
    server.url,
    `process ${server.pid()}`,
  ]),
  [
    'Sentinels',
    redis.sentinelPorts.map((port) => `127.0.0.1:${port}`).join(' '),
    `they call it ${redis.name}`,
  ],
]
const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i as 0 | 1].length)))
console.log()
for (const [name, where, more] of rows) {
  console.log(`  ${name.padEnd(widths[0] ?? 0)}  ${where.padEnd(widths[1] ?? 0)}  ${more}`)
}
console.log(`
Try it:

  curl -s ${url}/api/v2/setup -d '{"username":"ada","password":"correct horse 1","org":"works","bucket":"points"}'
  curl -s -c jar -u 'ada:correct horse 1' -X POST ${url}/api/v2/signin
  curl -s -b jar ${url}/api/v2/me                       # whichever node is next
  curl -s -b jar ${nodes[1]?.url}/api/v2/me
  kill -9 ${nodes[0]?.pid()}                                       # a node
  kill -9 ${master.pid()}                                       # the Redis master: a replica takes over in a second or two
  curl -s ${nodes[1]?.url}/ready

Ctrl-C stops everything and removes the data.`)

await stopping
console.log('\nstopping ...')
await cluster.stop()
process.exit(0)
