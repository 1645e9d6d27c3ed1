/** Requests generated from the OpenAPI document by schemathesis: no server error, no undocumented response. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PASSWORD, startServer } from './server.ts'
import { needSchemathesis } from './tools.ts'

export interface GeneratedResult {
  readonly cases: string
  readonly operations: number
  readonly wrong: string[]
}

/**
 * Without `negative_data_rejection` and `positive_data_acceptance`: as in InfluxDB, null means a missing field, and
 * missing fields are refused by a message, not by the schema. Without `ignored_auth`, because the hooks add
 * credentials; the matrix in test/security tests every operation without any.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'use_after_free',
  'ensure_resource_availability',
]
/** A server that allows repeated setup and does not throttle, so that 429 hides nothing. */
const FLAGS = [
  // A memory store, since this round tests HTTP; other rounds test persistence.
  ...['--store', 'memory'],
  '--testing-always-allow-setup',
  ...['pair-free', 'user-limit', 'address-limit'].flatMap((name) => [`--guess-${name}`, '1000000']),
]

export async function generated(sqlitePath: string): Promise<GeneratedResult> {
  const program = needSchemathesis()
  const server = await startServer({ sqlitePath, flags: FLAGS })
  try {
    const json = { username: 'ada', password: PASSWORD, org: 'analytics', bucket: 'engine' }
    const { body: setup } = await server.ask('POST', '/api/v2/setup', { json })
    const folder = dirname(sqlitePath)
    const tally = join(folder, 'answers.json')
    const options = ['--no-color', '--phases', 'examples,coverage,fuzzing,stateful', '--max-examples', '20']
    const checks = ['--checks', CHECKS.join(',')]
    const child = spawn(program, ['run', `${server.url}/api/v2/openapi.json`, ...options, ...checks], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 300_000,
      // schemathesis leaves folders in its working directory.
      cwd: folder,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
        SLUICE_URL: server.url,
        SLUICE_SETUP: JSON.stringify(setup),
        SLUICE_TALLY: tally,
      },
    })
    const [report] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const cases = /(\d+ generated, .*)/.exec(report)?.[1] ?? 'no summary'
    const isFine = child.exitCode === 0 && !/errored|no summary/.test(cases)
    const wrong = isFine ? [] : report.split('\n').slice(-60)
    const document = (await server.ask('GET', '/api/v2/openapi.json')).body
    const operations = operationsOf(document)
    const answered = JSON.parse(readFileSync(tally, 'utf8')) as Record<string, Record<string, number>>
    for (const operation of operations) {
      const statuses = Object.keys(answered[operation] ?? {})
      if (!statuses.some((status) => status.startsWith('2'))) {
        wrong.push(`${operation} never succeeded: ${statuses.join(', ') || 'no requests'}`)
      }
    }
    return { cases, operations: operations.length, wrong }
  } finally {
    await server.stop()
  }
}

function operationsOf({
  paths,
}: {
  paths: Record<string, Record<string, { operationId: string }>>
}): string[] {
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
}
