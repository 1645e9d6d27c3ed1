/** Requests generated from the OpenAPI document by schemathesis: no server error, no undocumented answer. */
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { setUp, startServer } from './server.ts'

export interface GeneratedResult {
  readonly cases: string
  readonly wrong: string[]
}

const CHECKS =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'

/** Needs `schemathesis` (PyPI) as `st` on the PATH, or where SCHEMATHESIS says; undefined without it. */
export async function generated(sqlitePath: string): Promise<GeneratedResult | undefined> {
  const program = process.env.SCHEMATHESIS ?? 'st'
  if (spawnSync(program, ['--version']).status !== 0) return undefined
  const server = await startServer({ sqlitePath, flags: ['--guess-address-limit', '1000000'] })
  try {
    const { operator } = await setUp(server)
    const args = ['run', `${server.url}/api/v2/openapi.json`, '--checks', CHECKS, '--max-examples', '30']
    const more = ['--phases', 'examples,fuzzing', '-H', `Authorization: ${operator.authorization}`]
    const done = spawnSync(program, [...args, ...more], {
      encoding: 'utf8',
      timeout: 240_000,
      // It leaves a folder of its own where it runs.
      cwd: dirname(sqlitePath),
    })
    const cases = /(\d+ generated, .*)/.exec(done.stdout)?.[1] ?? 'no summary'
    return { cases, wrong: done.status === 0 ? [] : done.stdout.split('\n').slice(-40) }
  } finally {
    await server.stop()
  }
}
