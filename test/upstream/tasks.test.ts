/** Tasks that were stored before and go beyond the rights of their owner, in the status and in the import. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { runSluice } from '../process/sluice.ts'
import { jsonLines, runCommand } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startUpstream } from '../support/influxd/upstream.ts'
import { asker, type MirroredServer, startMirrored } from './world.ts'

const HEADLINE = 'Tasks that go beyond the rights of their owner, or cannot be judged:'

suite('tasks that were stored upstream before', () => {
  let server: MirroredServer
  let foreignBucket: string
  let owner: string
  const made: Record<string, string> = {}
  before(async () => {
    server = await startMirrored(await startUpstream())
    const { there, ask, orgID, bucketID } = server
    const other = (await ask('POST', '/api/v2/orgs', { name: 'other' })).json.id
    foreignBucket = (await ask('POST', '/api/v2/buckets', { orgID: other, name: 'foreign' })).json.id
    owner = (await ask('POST', '/api/v2/users', { name: 'tess' })).json.id
    assert.equal((await ask('POST', `/api/v2/orgs/${orgID}/owners`, { id: owner })).status, 201)
    // As tess does at upstream itself, which checks nothing of this.
    const permissions = ['tasks', 'checks', 'buckets'].flatMap((type) =>
      ['read', 'write'].map((action) => ({ action, resource: { type, orgID } })),
    )
    const given = await there('POST', '/api/v2/authorizations', { userID: owner, orgID, permissions })
    assert.equal(given.status, 201, given.text)
    const asTess = asker(server.upstream.url, given.json.token)

    async function store(name: string, path: string, body: object): Promise<void> {
      const { status, json, text } = await asTess('POST', path, { ...body, name, orgID })
      assert.equal(status, 201, text)
      made[name] = json.id
    }
    const task = (name: string, flux: string) =>
      store(name, '/api/v2/tasks', { flux: `option task = {name: "${name}", every: 1h}\n${flux}` })
    const reading = (id: string) => `from(bucketID: "${id}") |> range(start: -1h)`
    await task('own', reading(bucketID))
    await task('by name', 'from(bucket: "b1") |> range(start: -1h)')
    await task('foreign', reading(foreignBucket))
    await task('computed', `id = "${bucketID}"\nfrom(bucketID: id) |> range(start: -1h)`)
    // More than one page before the last.
    for (let number = 0; number < 100; number++)
      await task(`n${number}`, 'from(bucket: "b1") |> range(start: -1h)')
    await task('late', reading(foreignBucket))
    await store('a check', '/api/v2/checks', {
      ...{ type: 'threshold', every: '1m', status: 'active', thresholds: [] },
      query: {
        text: `${reading(foreignBucket)} |> filter(fn: (r) => r._field == "v") |> aggregateWindow(every: 1m, fn: mean)`,
        editMode: 'builder',
        builderConfig: {
          ...{ buckets: ['b1'], tags: [{ key: '_field', values: ['v'], aggregateFunctionType: 'filter' }] },
          ...{ functions: [{ name: 'mean' }], aggregateWindow: { period: '1m', fillValues: false } },
        },
      },
      statusMessageTemplate: 'x',
    })
  })
  after(async () => {
    await server?.stop()
    await server?.upstream.stop()
  })
  const run = (...argv: string[]) =>
    runCommand(['upstream', 'status', ...argv, '--host', server.url], { SLUICE_TOKEN: server.token })

  test('are shown by the status, with owner and bucket', async () => {
    const { out, status } = await run()
    assert.equal(status, 0)
    assert.ok(out.includes(HEADLINE), out)
    const beyond = (type: string, name: string) =>
      `${type} +${made[name]} +${name} +active +${owner} +it names the bucket ${foreignBucket} by its id, which its owner ${owner} may not read`
    assert.match(out, new RegExp(beyond('task', 'foreign')))
    assert.match(out, new RegExp(beyond('check', 'a check')))

    const listed = jsonLines((await run('--json')).out).filter(({ reason }) => reason !== undefined)
    assert.deepEqual(listed.map(({ type, kind, name, bucketID }) => [type, kind, name, bucketID]).sort(), [
      ['check', 'bucket-not-allowed', 'a check', foreignBucket],
      ['task', 'bucket-not-allowed', 'foreign', foreignBucket],
      ['task', 'bucket-not-allowed', 'late', foreignBucket],
      ['task', 'not-inspectable', 'computed', undefined],
    ])
    const { id, ownerID, orgID, status: active } = listed.find(({ name }) => name === 'foreign')
    assert.deepEqual([id, ownerID, orgID, active], [made.foreign, owner, server.orgID, 'active'])
  })

  test('are remarks of an import', {
    skip: !process.env.INFLUXD && 'the stand-in has no backup',
  }, async () => {
    const folder = temporaryFolder()
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, server.upstream.operatorToken)
    const from = ['--from', server.upstream.url, '--token-file', tokenFile]
    const { code, out, err } = await runSluice([
      ...['import', 'influxdb', ...from, '--json', '--dry-run', '--sqlite-path', join(folder, 'x.sqlite')],
    ])
    assert.deepEqual([code, err], [0, ''])
    const names = JSON.parse(out)
      .remarks.filter(({ kind }: { kind: string }) => kind === 'tasks')
      .map(({ name }: { name: string }) => name)
    assert.deepEqual(names.map((name: string) => name.replace(/.*check.*/, 'a check')).sort(), [
      ...['a check', 'computed', 'foreign', 'late'],
    ])
  })
})
