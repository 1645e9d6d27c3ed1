/** For tests: a command as a person runs it, in an empty folder. */
import { PassThrough } from 'node:stream'
import { temporaryFolder } from '../test-folder.ts'
import { runCli } from './cli.ts'

/** What it wrote, and its exit status. */
export async function runCommand(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end()
  const readFile = () => {
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  }
  const status = await runCli(argv, { env, cwd: folder, home: folder, readFile, stdin, stdout, stderr })
  return { status, out: textOf(stdout), err: textOf(stderr) }
}

function textOf(stream: PassThrough): string {
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
  return text
}
