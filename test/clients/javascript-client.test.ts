/** InfluxData's own JavaScript client, unmodified, against a server process with a data file. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import {
  AuthorizationsAPI,
  BucketsAPI,
  FlagsAPI,
  HealthAPI,
  MeAPI,
  OrgsAPI,
  PingAPI,
  ReadyAPI,
  ResourcesAPI,
  RootAPI,
  SetupAPI,
  SigninAPI,
  SignoutAPI,
  UsersAPI,
} from '@influxdata/influxdb-client-apis'
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts'

const folder = temporaryFolder()
let server: ServerProcess
/** A client without credentials; single requests add the session cookie. */
let anonymous: InfluxDB
let operator: InfluxDB
let session: { headers: { cookie: string } }
let org: string
let bob: string

const start = () => startProcess(['--sqlite-path', join(folder.path, 'sluice.sqlite')])
const client = (token?: string) => new InfluxDB({ url: server.url, ...(token ? { token } : {}) })

/** The error that the client throws for a refusal: status, code and message as it parsed them. */
function refusal(statusCode: number, code: string, message?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof HttpError, String(error))
    assert.deepEqual([error.statusCode, error.code], [statusCode, code])
    assert.equal(error.json.code, code)
    if (message) assert.match(error.message, message)
    return true
  }
}

/** Signs in and returns the options that send the session cookie. */
async function signIn(user: string, password: string): Promise<typeof session> {
  let cookie = ''
  await new SigninAPI(anonymous).postSignin(
    { auth: { user, password } },
    { responseStarted: (headers) => (cookie = [headers['set-cookie']].flat()[0]?.split(';')[0] ?? '') },
  )
  return { headers: { cookie } }
}

before(async () => {
  server = await start()
  anonymous = client()
})
after(async () => {
  await server.stop()
  folder.remove()
})

describe('the JavaScript client', () => {
  test('sets the server up once', async () => {
    const api = new SetupAPI(anonymous)
    const body = { username: 'ada', password: 'correct horse 1', org: 'analytics', bucket: 'engine' }
    await assert.rejects(api.postSetup({ body: { ...body, org: '' } }), refusal(422, 'unprocessable entity'))
    assert.deepEqual(await api.getSetup({}), { allowed: true })
    const made = await api.postSetup({ body })
    operator = client(made.auth?.token)
    org = made.org?.id ?? ''
    assert.equal(made.user?.name, 'ada')
    assert.deepEqual(await api.getSetup({}), { allowed: false })
    await assert.rejects(api.postSetup({ body }), refusal(422, 'conflict', /already been completed/))
  })

  test('is refused with a wrong password and without credentials', async () => {
    await assert.rejects(signIn('ada', 'wrong horse 1'), refusal(401, 'unauthorized', /unauthorized access/))
    await assert.rejects(signIn('nobody', 'correct horse 1'), refusal(401, 'unauthorized'))
    await assert.rejects(new SigninAPI(anonymous).postSignin({}), refusal(401, 'unauthorized'))
    await assert.rejects(new MeAPI(anonymous).getMe(), refusal(401, 'unauthorized'))
    await assert.rejects(new SignoutAPI(anonymous).postSignout(), refusal(401, 'unauthorized'))
    await assert.rejects(new MeAPI(client('no such token')).getMe(), refusal(401, 'unauthorized'))
  })

  test('signs in and reads its own user', async () => {
    session = await signIn('ada', 'correct horse 1')
    assert.equal((await new MeAPI(anonymous).getMe({}, session)).name, 'ada')
    assert.equal((await new MeAPI(operator).getMe()).name, 'ada')
  })

  test('manages users', async () => {
    const api = new UsersAPI(operator)
    await assert.rejects(api.postUsers({ body: { name: 'ada' } }), refusal(422, 'conflict', /already exists/))
    await assert.rejects(api.getUsersID({ userID: 'bob' }), refusal(400, 'invalid', /16 bytes/))
    await assert.rejects(api.getUsersID({ userID: '00000000000000ff' }), refusal(404, 'not found'))
    bob = (await api.postUsers({ body: { name: 'bob' } })).id ?? ''
    const short = { userID: bob, body: { password: 'short' } }
    await assert.rejects(api.postUsersIDPassword(short), refusal(400, 'invalid', /between 8 and 72/))
    await api.postUsersIDPassword({ userID: bob, body: { password: 'password of bob' } })
    assert.equal((await api.patchUsersID({ userID: bob, body: { name: 'robert' } })).name, 'robert')
    const { users } = await api.getUsers()
    assert.deepEqual(
      users?.map(({ name }) => name),
      ['ada', 'robert'],
    )
  })

  test('manages organizations and their members', async () => {
    const api = new OrgsAPI(operator)
    await assert.rejects(api.postOrgs({ body: { name: 'analytics' } }), refusal(422, 'conflict'))
    const second = (await api.postOrgs({ body: { name: 'second' } })).id ?? ''
    await api.patchOrgsID({ orgID: second, body: { description: 'the second' } })
    await api.postOrgsIDMembers({ orgID: org, body: { id: bob } })
    await assert.rejects(api.postOrgsIDMembers({ orgID: org, body: { id: bob } }), refusal(422, 'conflict'))
    assert.equal((await api.getOrgsIDMembers({ orgID: org })).users?.[0]?.role, 'member')
    assert.equal((await api.getOrgsIDOwners({ orgID: org })).users?.[0]?.name, 'ada')
    assert.equal((await api.getOrgs({ org: 'second' })).orgs?.[0]?.description, 'the second')
    await api.deleteOrgsID({ orgID: second })
    await assert.rejects(api.getOrgsID({ orgID: second }), refusal(404, 'not found'))
  })

  test('manages buckets', async () => {
    const api = new BucketsAPI(operator)
    const rule = { type: 'expire', everySeconds: 86_400 } as const
    const body = { orgID: org, name: 'metrics', retentionRules: [rule] }
    await assert.rejects(api.postBuckets({ body: { ...body, name: '_own' } }), refusal(400, 'invalid'))
    const bucketID = (await api.postBuckets({ body })).id ?? ''
    await assert.rejects(api.postBuckets({ body }), refusal(422, 'conflict'))
    const changed = await api.patchBucketsID({
      bucketID,
      body: { retentionRules: [{ ...rule, everySeconds: 0 }] },
    })
    assert.equal(changed.retentionRules[0]?.everySeconds, 0)
    const { buckets } = await api.getBuckets({ orgID: org })
    assert.deepEqual(
      buckets?.map(({ name }) => name),
      ['_monitoring', '_tasks', 'engine', 'metrics'],
    )
    await api.deleteBucketsID({ bucketID })
    await assert.rejects(api.getBucketsID({ bucketID }), refusal(404, 'not found', /bucket not found/))
  })

  test('manages tokens, which allow what they were created for and nothing else', async () => {
    const api = new AuthorizationsAPI(operator)
    const resource = { type: 'buckets', orgID: org } as const
    const body = { orgID: org, description: 'reads', permissions: [{ action: 'read', resource }] as const }
    await assert.rejects(
      api.postAuthorizations({ body: { orgID: org, permissions: [] } }),
      refusal(400, 'invalid', /must include permissions/),
    )
    const made = await api.postAuthorizations({ body: { ...body, permissions: [...body.permissions] } })
    const reader = client(made.token)
    const authID = made.id ?? ''
    assert.equal((await new BucketsAPI(reader).getBuckets({ orgID: org, name: 'engine' })).buckets?.length, 1)
    await assert.rejects(
      new BucketsAPI(reader).postBuckets({ body: { orgID: org, name: 'x', retentionRules: [] } }),
      refusal(401, 'unauthorized', /write:orgs\/\w+\/buckets is unauthorized/),
    )
    await api.patchAuthorizationsID({ authID, body: { status: 'inactive' } })
    await assert.rejects(new BucketsAPI(reader).getBuckets(), refusal(401, 'unauthorized', /inactive/))
    await api.deleteAuthorizationsID({ authID })
    await assert.rejects(new BucketsAPI(reader).getBuckets(), refusal(401, 'unauthorized'))
    await assert.rejects(api.getAuthorizationsID({ authID }), refusal(404, 'not found'))
  })

  test('changes its own password', async () => {
    const own = await signIn('robert', 'password of bob')
    const api = new MeAPI(anonymous)
    const change = (old: string) => ({
      auth: { user: 'robert', password: old },
      body: { password: 'another of bob' },
    })
    await assert.rejects(api.putMePassword(change('wrong'), own), refusal(403, 'forbidden', /incorrect/))
    await api.putMePassword(change('password of bob'), own)
    await assert.rejects(signIn('robert', 'password of bob'), refusal(401, 'unauthorized'))
    await signIn('robert', 'another of bob')
  })

  test('reads the health of the server', async () => {
    assert.equal((await new HealthAPI(anonymous).getHealth()).status, 'pass')
    assert.equal((await new ReadyAPI(anonymous).getReady()).status, 'ready')
    await new PingAPI(anonymous).getPing()
    assert.equal((await new RootAPI(anonymous).getRoutes()).signin, '/api/v2/signin')
    assert.ok((await new ResourcesAPI(operator).getResources()).includes('buckets'))
    assert.deepEqual(await new FlagsAPI(operator).getFlags(), {})
  })

  test('signs out, after which its session is refused', async () => {
    await new SignoutAPI(anonymous).postSignout({}, session)
    await assert.rejects(new MeAPI(anonymous).getMe({}, session), refusal(401, 'unauthorized'))
    await assert.rejects(new SignoutAPI(anonymous).postSignout({}, session), refusal(401, 'unauthorized'))
  })

  test('finds everything but the sessions after a restart', async () => {
    const before = await signIn('ada', 'correct horse 1')
    assert.equal(await server.stop(), 0, server.output())
    server = await start()
    anonymous = client()
    await assert.rejects(new MeAPI(anonymous).getMe({}, before), refusal(401, 'unauthorized'))
    const again = await signIn('ada', 'correct horse 1')
    assert.equal((await new MeAPI(anonymous).getMe({}, again)).name, 'ada')
    const { users } = await new UsersAPI(anonymous).getUsers({}, again)
    assert.deepEqual(
      users?.map(({ name }) => name),
      ['ada', 'robert'],
    )
  })
})
