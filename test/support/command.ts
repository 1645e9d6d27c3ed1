/** For tests: runs a command as a person would, in an empty folder, and a server for it. */
import { PassThrough } from 'node:stream'
import { runCli } from '../../src/cli/cli.ts'
import { temporaryFolder } from './folder.ts'
import { basic, send } from './http.ts'
import { startServer } from './server.ts'

/** The password of all users in these tests. */
export const PASSWORD = 'correct horse battery'

/** Output, exit status and working directory of a command. */
export async function runCommand(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end()
  const readFile = () => {
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  }
  const status = await runCli(argv, { env, cwd: folder, home: folder, readFile, stdin, stdout, stderr })
  return { status, out: textOf(stdout), err: textOf(stderr), folder }
}

function textOf(stream: PassThrough): string {
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
  return text
}

/** A server set up by `ada`, and requests to it with her token. */
export async function startSetUpServer(argv: readonly string[] = []) {
  const { url, stop } = await startServer(argv)
  const names = { username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' }
  const path = '/api/v2/setup'
  const { json } = await send(url, { method: 'POST', path, body: JSON.stringify(names) })
  const token: string = json.auth.token
  const headers = { authorization: `Token ${token}` }
  return {
    ...{ url, stop, token },
    orgID: json.org.id as string,
    post: (path: string, body: object) =>
      send(url, { method: 'POST', path, headers, body: JSON.stringify(body) }),
    signIn: (name: string, password: string, more: Readonly<Record<string, string>> = {}) =>
      send(url, {
        method: 'POST',
        path: '/api/v2/signin',
        headers: { authorization: basic(name, password), ...more },
      }),
  }
}

/** Parses the output of `--json`: one object per line. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into objects whose shape they assert
export function jsonLines(text: string): any[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
