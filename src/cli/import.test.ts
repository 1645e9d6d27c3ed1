/** The import on a terminal; its other tests are in test/import. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { influxdFile, manyTokens } from '../../test/support/bolt-writer.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { runCli } from './cli.ts'

async function runOnTerminal(...more: string[]) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'influxd.bolt'), influxdFile(manyTokens(3000)))
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const terminal = Object.assign(stdout, { isTTY: true })
  const argv = ['import', 'influxdb', '--bolt-path', 'influxd.bolt', '--sqlite-path', 'data.sqlite', ...more]
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const place = { env: {}, cwd: folder, home: folder, readFile }
  const status = await runCli(argv, { ...place, stdin, stdout: terminal, stderr })
  assert.equal(status, 0, String(stderr.read()))
  return (stdout.end().setEncoding('utf8').toArray() as Promise<string[]>).then((parts) => parts.join(''))
}

test('a terminal shows the report with bold heads', async () => {
  const out = await runOnTerminal()
  assert.match(
    out.replaceAll('\x1b', 'ESC'),
    /^ +ESC\[1mCAMEESC\[0m +ESC\[1mALREADY HEREESC\[0m +ESC\[1mLEFT OUTESC\[0m\n/,
  )
})

test('with --json it is JSON', async () => {
  const out = await runOnTerminal('--json')
  assert.equal(JSON.parse(out).came.tokens, 3000)
})
