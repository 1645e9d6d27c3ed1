/** The requests that the benchmarks send to a running Sluice. */

export interface IDs {
  readonly user: string
  readonly org: string
  readonly operator: string
}

const NAME = 'ada'
const PASSWORD = 'correct horse 1'
export const BASIC = `Basic ${Buffer.from(`${NAME}:${PASSWORD}`).toString('base64')}`

interface Setup {
  user: { id: string }
  org: { id: string }
  auth: { token: string }
}

export async function post<T>(port: number, path: string, body: unknown, authorization = ''): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

export async function setUp(port: number): Promise<IDs> {
  const body = { username: NAME, password: PASSWORD, org: 'analytics', bucket: 'engine' }
  const { user, org, auth } = await post<Setup>(port, '/api/v2/setup', body)
  return { user: user.id, org: org.id, operator: auth.token }
}

/** Signs in and returns the value of a Cookie header. */
export async function signIn(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/signin`, {
    method: 'POST',
    headers: { authorization: BASIC },
  })
  if (response.status !== 204) throw new Error(`sign-in: ${response.status}`)
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** Gives the user many organizations and tokens. */
export async function enrich(port: number, { org, operator }: IDs, organizations: number, tokens: number) {
  const authorization = `Token ${operator}`
  for (let i = 1; i < organizations; i += 1)
    await post(port, '/api/v2/orgs', { name: `org ${i}` }, authorization)
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: org } }]
  const create = (i: number) =>
    post(port, '/api/v2/authorizations', { orgID: org, permissions, description: `${i}` }, authorization)
  const batch = 50
  for (let i = 1; i < tokens; i += batch) {
    await Promise.all(Array.from({ length: Math.min(batch, tokens - i) }, (_, j) => create(i + j)))
  }
}
