#!/usr/bin/env node
/** The entry point: the only place that reads the process's arguments and environment. */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir, hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { restartWithMemorySettings } from './memory-settings.ts'

restartWithMemorySettings(process)

// Later starts take half the time. Beside the code and not in the shared temporary folder, where others could
// put code of theirs; if that may not be written it is done without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sluice', import.meta.url)))
const { runCli } = await import('./cli/cli.ts')

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  platform: process.platform,
  machine: hostname(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  consoleFolder: fileURLToPath(new URL('console', import.meta.url)),
  readFile: (path) => readFileSync(path, 'utf8'),
})
