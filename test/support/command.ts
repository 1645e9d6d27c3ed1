/** For tests: runs a command as a person would, in an empty folder, and a server for it. */
import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { runCli } from '../../src/cli/cli.ts'
import type { Io } from '../../src/cli/terminal/io.ts'
import { temporaryFolder } from './folder.ts'
import { basic, send } from './http.ts'
import { startServer } from './server.ts'

/** The password of all users in these tests. */
export const PASSWORD = 'correct horse battery'

interface Place {
  /** If given, standard output is a terminal with this width in columns. */
  readonly columns?: number
  /** What is read from standard input; if it is a list, it is typed on a terminal, one after each prompt. */
  readonly stdin?: string | readonly string[]
  readonly folder?: string
}

/** Output, exit status and working directory of a command. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { columns, stdin: typed = '', folder = temporaryFolder() }: Place = {},
) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const err: string[] = []
  stderr.setEncoding('utf8').on('data', (text) => err.push(text))
  const io: Io = {
    ...{ env, cwd: folder, home: folder, readFile: noFile },
    stdin: typeof typed === 'string' ? stdin : onTerminal(stdin, stderr, typed),
    stdout: columns === undefined ? stdout : Object.assign(stdout, { isTTY: true, columns }),
    stderr,
  }
  if (typeof typed === 'string') stdin.end(typed)
  const status = await runCli(argv, io)
  return { status, out: textOf(stdout), err: err.join('') + textOf(stderr), folder }
}

function noFile(): never {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
}

/** Types an answer whenever a prompt has been written: one that ends in a colon and a blank. */
function onTerminal(stdin: PassThrough, stderr: PassThrough, answers: readonly string[]): Io['stdin'] {
  const left = [...answers]
  stderr.on('data', (text: string) => {
    if (!/: $/.test(text.replaceAll(CONTROLS, ''))) return
    const answer = left.shift()
    if (answer === undefined) throw new Error(`no answer is left for "${text}"`)
    setImmediate(() => stdin.write(`${answer}\r`))
  })
  return Object.assign(stdin, { isTTY: true as const, setRawMode: () => stdin as never })
}

/** With which readline moves the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROLS = /\x1b\[[\d;]*[A-Za-z]/g

/** A command that goes on: what it has written, and its end. */
export function startCommand(
  argv: readonly string[],
  { env, stopped }: { env: Readonly<Record<string, string>>; stopped?: AbortSignal },
) {
  const folder = temporaryFolder()
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let out = ''
  const news = new EventEmitter()
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      out += text
      news.emit('text')
    })
  }
  const streams = { stdin, stdout, stderr }
  const io = { env, cwd: folder, home: folder, readFile: noFile, ...streams, ...(stopped ? { stopped } : {}) }
  const ended = runCli(argv, io).then((status) => ({ status, out }))
  async function written(text: string): Promise<void> {
    while (!out.includes(text)) {
      const end = ended.then(({ status }) => {
        throw new Error(`it ended with ${status} without "${text}": ${out}`)
      })
      await Promise.race([once(news, 'text'), end])
    }
  }
  /** As if the program at the other end of a pipe had ended. */
  const closePipe = () => stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  return { written, ended, closePipe }
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
