/** Generates the console's types for the API from the OpenAPI document of a running server. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startServer } from '../test/support/server.ts'
import { writeApiTypes } from './api-types.ts'

export const API_TYPES = fileURLToPath(new URL('../console/src/api/schema.ts', import.meta.url))

const server = await startServer()
try {
  const answer = await fetch(`${server.url}/api/v2/openapi.json`)
  writeFileSync(API_TYPES, writeApiTypes((await answer.json()) as never))
} finally {
  await server.stop()
}
const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
spawnSync(process.execPath, [biome, 'format', '--write', API_TYPES], { stdio: 'ignore' })
