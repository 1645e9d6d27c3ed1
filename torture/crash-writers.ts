/** Writers that run until the server dies: records, sessions and tokens, and every way of ending these. */
import type { Credential, Ledger } from './crash-ledger.ts'
import { basic, PASSWORD, type Server } from './server.ts'

export interface Writing {
  readonly server: Server
  readonly operator: Record<string, string>
  readonly orgID: string
  readonly ledger: Ledger
  /** How often each way of ending was used, including attempts in progress, so that the rarest is next. */
  readonly gone: number[]
}

interface Person {
  readonly id: string
  readonly name: string
  readonly path: string
}

/** Writes until the server dies. `label` makes the names unique. */
export async function write(writing: Writing, label: string): Promise<void> {
  const { gone } = writing
  let way = 0
  try {
    for (let i = 0; ; i += 1) {
      way = gone.indexOf(Math.min(...gone))
      gone[way] = (gone[way] ?? 0) + 1
      await endBy(writing, `${label}-${i}`, way)
    }
  } catch (error) {
    // An interrupted way does not count, so that the next writer uses it first.
    gone[way] = (gone[way] ?? 1) - 1
    // The error of fetch if there was no response: the server was killed.
    if (!(error instanceof TypeError)) throw error
  }
}

/** Creates a user, and ends their sessions or a token in one way. */
export async function endBy(writing: Writing, name: string, way: number): Promise<void> {
  const person = await makePerson(writing, name)
  const endToken = TOKEN_ENDINGS[way]
  if (endToken) return endToken(writing, person)
  await setPassword(writing, person.path)
  const [mine, other] = [await signIn(writing, person), await signIn(writing, person)]
  const passing = await signIn(writing, person, false)
  await SESSION_ENDINGS[way - TOKEN_ENDINGS.length]?.(writing, person, { mine, other, passing })
}

async function makePerson({ server, operator, orgID, ledger }: Writing, name: string): Promise<Person> {
  const made = await server.ask('POST', '/api/v2/users', { headers: operator, json: { name } })
  if (!ledger.acknowledged(made)) throw new Error(`no user was created: ${made.status}`)
  const path = `/api/v2/users/${made.body.id}`
  ledger.keep(path, name)
  ledger.doubt(path)
  const json = { name: `${name} renamed` }
  const renamed = await server.ask('PATCH', path, { headers: operator, json })
  if (ledger.acknowledged(renamed)) ledger.keep(path, json.name)
  const bucket = await server.ask('POST', '/api/v2/buckets', { headers: operator, json: { orgID, name } })
  const bucketPath = `/api/v2/buckets/${bucket.body.id}`
  if (ledger.acknowledged(bucket)) ledger.keep(bucketPath, name)
  if (/[02468]$/.test(name)) {
    ledger.doubt(bucketPath)
    const gone = await server.ask('DELETE', bucketPath, { headers: operator })
    if (ledger.acknowledged(gone)) ledger.drop(bucketPath)
  }
  return { id: made.body.id, name: json.name, path }
}

function setPassword({ server, operator }: Pick<Writing, 'server' | 'operator'>, path: string) {
  return server.ask('POST', `${path}/password`, { headers: operator, json: { password: PASSWORD } })
}

function signIn({ server, ledger }: Writing, { name }: Person, remember = true) {
  return ledger.start(
    'a sign-in',
    async () => {
      const path = `/api/v2/signin?remember=${remember}`
      const { cookie, status } = await server.ask('POST', path, { headers: basic(name) })
      if (cookie === undefined) throw new Error(`no session was started: ${status}`)
      return { cookie }
    },
    remember,
  )
}

type EndSessions = (
  writing: Writing,
  person: Person,
  sessions: { mine: Credential; other: Credential; passing: Credential },
) => Promise<void>

/** Sign-out, ending by the user or the operator, and changes of the user that end sessions. */
const SESSION_ENDINGS: readonly EndSessions[] = [
  ({ server, ledger }, _person, { mine }) =>
    ledger.end('a sign-out', [mine], () => server.ask('POST', '/api/v2/signout', { headers: { ...mine } })),
  ({ server, ledger }, _person, { mine, other, passing }) =>
    ledger.end('the end of the others', [other, passing], () =>
      server.ask('DELETE', '/api/v2/me/sessions', { headers: { ...mine } }),
    ),
  async ({ server, ledger }, _person, { mine, other }) => {
    const { body } = await server.ask('GET', '/api/v2/me/sessions', { headers: { ...other } })
    // Another writer may just have ended all sessions.
    if (!body.sessions) return
    const { id } = body.sessions.find((each: { current: boolean }) => each.current)
    await ledger.end('the end of one', [other], () =>
      server.ask('DELETE', `/api/v2/me/sessions/${id}`, { headers: { ...mine } }),
    )
  },
  ({ server, operator, ledger }, { path }, { mine, other, passing }) =>
    ledger.end("the end of a user's", [mine, other, passing], () =>
      server.ask('DELETE', `${path}/sessions`, { headers: operator }),
    ),
  ({ server, operator, ledger }) =>
    ledger.end("the end of everybody's", 'all sessions', () =>
      server.ask('DELETE', '/api/v2/sessions', { headers: operator }),
    ),
  ({ server, ledger }, { name }, { mine, other, passing }) =>
    ledger.end('a new password', [other, passing], () =>
      server.ask('PUT', '/api/v2/me/password', {
        headers: { ...mine, ...basic(name) },
        json: { password: 'another horse 2' },
      }),
    ),
  ({ server, operator, ledger }, { path }, { mine, other, passing }) =>
    ledger.end('a reset', [mine, other, passing], () => setPassword({ server, operator }, path)),
  async ({ server, operator, ledger }, { path }, { mine, other, passing }) => {
    const become = (status: string) => server.ask('PATCH', path, { headers: operator, json: { status } })
    await ledger.end('a deactivation', [mine, other, passing], () => become('inactive'))
    ledger.acknowledged(await become('active'))
  },
  async (writing, { id, path }, { mine, other, passing }) => {
    const { server, operator, ledger } = writing
    const token = await makeToken(writing, id)
    ledger.doubt(path)
    await ledger.end('the end of a user', [mine, other, passing, token.secret], async () => {
      const gone = await server.ask('DELETE', path, { headers: operator })
      if (gone.status === 204) ledger.drop(path)
      return gone
    })
  },
]

const TOKEN_ENDINGS: readonly ((writing: Writing, person: Person) => Promise<void>)[] = [
  async (writing, { id }) => {
    const { server, operator, ledger } = writing
    const token = await makeToken(writing, id)
    let rotated: string | undefined
    await ledger.end('a rotation', [token.secret], async () => {
      const answer = await server.ask('POST', `${token.path}/rotate`, { headers: operator })
      rotated = answer.body.token
      return answer
    })
    const secret = rotated
    if (secret) await ledger.start('a rotated token', async () => ({ authorization: `Token ${secret}` }))
  },
  async (writing, { id }) => {
    const token = await makeToken(writing, id)
    const { server, operator, ledger } = writing
    await ledger.end('the end of a token', [token.secret], () =>
      server.ask('DELETE', token.path, { headers: operator }),
    )
  },
  async (writing, { id }) => {
    const token = await makeToken(writing, id)
    const { server, operator, ledger } = writing
    await ledger.end('a token switched off', [token.secret], () =>
      server.ask('PATCH', token.path, { headers: operator, json: { status: 'inactive' } }),
    )
  },
]
/** The number of ways in which a session or a token can end. */
export const WAYS = TOKEN_ENDINGS.length + SESSION_ENDINGS.length

async function makeToken({ server, operator, orgID, ledger }: Writing, userID: string) {
  const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
  let path = ''
  const secret = await ledger.start('a token', async () => {
    const json = { orgID, userID, permissions }
    const { body, status } = await server.ask('POST', '/api/v2/authorizations', { headers: operator, json })
    if (status !== 201) throw new Error(`no token was created: ${status}`)
    path = `/api/v2/authorizations/${body.id}`
    return { authorization: `Token ${body.token}` }
  })
  return { secret, path }
}
