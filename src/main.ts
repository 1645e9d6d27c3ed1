#!/usr/bin/env node
/** The entry point: the only place that reads the process's arguments and environment. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { runCli } from './cli/cli.ts'

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  readFile: (path) => readFileSync(path, 'utf8'),
})
