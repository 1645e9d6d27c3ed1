/** oauth2-proxy, which answers gateways too (`/oauth2/auth`): if it is installed, the check is compared with it. */
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderUntilExit } from '../scripts/engines/cleanup-on-exit.ts'
import { programPath } from '../scripts/engines/program-path.ts'
import { freePort } from '../test/support/free-port.ts'
import { type Running, start } from './processes.ts'

export interface RunningOauth2Proxy extends Running {
  /** The value of `Cookie` of a user who has signed in. */
  readonly cookie: string
}

/** Signs a user in by the password form, so that no identity provider is needed; undefined if it is not installed. */
export async function startOauth2Proxy(): Promise<RunningOauth2Proxy | undefined> {
  const program = programPath('oauth2-proxy')
  if (program === undefined) return undefined
  const password = 'correct horse 1'
  const file = join(createFolderUntilExit('sluice-oauth2-proxy-').path, 'htpasswd')
  writeFileSync(file, `ada:{SHA}${createHash('sha1').update(password).digest('base64')}\n`)
  const port = await freePort()
  const args = [
    ...['--http-address', `127.0.0.1:${port}`, '--upstream', 'static://202', '--email-domain', '*'],
    ...['--provider', 'github', '--client-id', 'bench', '--client-secret', 'bench'],
    ...['--cookie-secret', randomBytes(16).toString('hex'), '--cookie-secure=false'],
    ...[
      '--htpasswd-file',
      file,
      '--request-logging=false',
      '--auth-logging=false',
      '--standard-logging=false',
    ],
  ]
  const running = await start(args, port, '/ping', { program, env: { GOMAXPROCS: '1' } })
  const answer = await fetch(`http://127.0.0.1:${port}/oauth2/sign_in`, {
    ...{ method: 'POST', redirect: 'manual' },
    body: new URLSearchParams({ username: 'ada', password }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';', 1)[0])
    .join('; ')
  if (cookie === '') throw new Error(`oauth2-proxy does not sign in: ${answer.status}`)
  return { ...running, cookie }
}
