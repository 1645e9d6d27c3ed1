/** A whole server that signs in by the company's directory. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic, cookieOf, send } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { ADMINS, SEARCHER_DN, SEARCHER_PASSWORD, SUFFIX, type Tls } from './world.ts'

export type LdapServer = Awaited<ReturnType<typeof startLdapServer>>
type Value = string | boolean | readonly string[]

/** The configuration that the cases of single sign-on have, with `more` settings. */
export function writeConfig(
  urls: readonly string[],
  tls: Tls,
  more: Readonly<Record<string, Value>> = {},
): string {
  const folder = temporaryFolder()
  const [path, password] = [join(folder, 'sluice.toml'), join(folder, 'password')]
  writeFileSync(password, `${SEARCHER_PASSWORD}\n`)
  const settings: Readonly<Record<string, Value>> = {
    'ldap-urls': urls,
    'ldap-ca-file': tls.caFile,
    'ldap-timeout': '1s',
    'ldap-base-dn': SUFFIX,
    'ldap-bind-dn': SEARCHER_DN,
    'ldap-bind-password-file': password,
    'ldap-group-roles': [`${ADMINS}=lab:owner`],
    ...more,
  }
  writeFileSync(
    path,
    Object.entries(settings)
      .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
      .join(''),
  )
  return path
}

export async function startLdapServer(
  slapd: Pick<Slapd, 'tlsUrl'> | readonly string[],
  tls: Tls,
  more: Readonly<Record<string, Value>> = {},
) {
  const urls = 'tlsUrl' in slapd ? [slapd.tlsUrl] : slapd
  const server = await startServer(['--config-path', writeConfig(urls, tls, more)])
  const setup = await send(server.url, {
    ...{ method: 'POST', path: '/api/v2/setup', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ username: 'operator', password: 'password of operator', org: 'lab', bucket: 'b' }),
  })
  if (setup.status !== 201) throw new Error(`setup failed: ${setup.text}`)
  const token: string = setup.json.auth.token

  function signIn(name: string, password: string, headers: Readonly<Record<string, string>> = {}) {
    return send(server.url, {
      ...{ method: 'POST', path: '/api/v2/signin' },
      headers: { authorization: basic(name, password), ...headers },
    })
  }

  function request(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown) {
    return send(server.url, {
      ...{ method, path, headers: { ...headers, 'content-type': 'application/json' } },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  }

  const asOperator = (method: string, path: string, body?: unknown) =>
    request(method, path, { authorization: `Token ${token}` }, body)

  return {
    ...{ server, signIn, request, asOperator },
    log: () => server.log.join('\n'),
    stop: () => server.stop(),
    async userNames(): Promise<string[]> {
      const { json } = await asOperator('GET', '/api/v2/users')
      return json.users.map(({ name }: { name: string }) => name)
    },
    /** Who owns and who belongs to the organization. */
    async rolesIn(name: string) {
      const { json } = await asOperator('GET', `/api/v2/orgs?org=${name}`)
      const [{ id }] = json.orgs
      const names = async (role: string) => {
        const { json: list } = await asOperator('GET', `/api/v2/orgs/${id}/${role}`)
        return list.users.map((each: { name: string }) => each.name)
      }
      return { owners: await names('owners'), members: await names('members') }
    },
    /** The name of the user whose session a sign-in started. */
    async nameOf(signedIn: Awaited<ReturnType<typeof signIn>>): Promise<string> {
      const { json } = await request('GET', '/api/v2/me', { cookie: cookieOf(signedIn) })
      return json.name
    },
  }
}
