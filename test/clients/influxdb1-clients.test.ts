/** The official clients of InfluxDB 1.x, unmodified, against a server before a real one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { InfluxDB } from 'influx'
import { PYTHON, pythonInfluxdb } from '../../scripts/engines/python-influxdb.ts'
import { type Influxdb1World, startInfluxdb1World, withoutInfluxdb1 } from '../influxdb1/world.ts'

const withoutPython =
  withoutInfluxdb1 ||
  (pythonInfluxdb() || process.env.CI === 'true'
    ? false
    : 'the Python client is missing (Debian: python3-influxdb)')

/** Prints what it got as JSON. A refusal is printed with its code and the text that the client found. */
const PYTHON_PROGRAM = `
import json, sys
from influxdb import InfluxDBClient
from influxdb.exceptions import InfluxDBClientError
host, port, username, password = sys.argv[1:]
client = InfluxDBClient(host=host, port=int(port), username=username, password=password, database='a')
found = {'ping': client.ping()}
found['databases'] = sorted(each['name'] for each in client.get_list_database())
point = {'measurement': 'py', 'tags': {'host': 'one'}, 'time': '2026-01-02T03:04:05Z', 'fields': {'v': 1.5}}
found['written'] = client.write_points([point])
found['points'] = list(client.query('SELECT v FROM py').get_points())
found['bound'] = list(client.query('SELECT v FROM py WHERE host = $host', bind_params={'host': 'one'}).get_points())
found['measurements'] = sorted(each['name'] for each in client.get_list_measurements())
found['policies'] = [each['name'] for each in client.get_list_retention_policies('a')]
found['refused'] = []
for act in [
    lambda: client.query('SELECT * FROM b..m'),
    lambda: client.write_points([point], database='b'),
    lambda: client.create_database('d'),
    lambda: client.get_list_users(),
]:
    try:
        act()
        found['refused'].append('it worked')
    except InfluxDBClientError as error:
        found['refused'].append(error.code)
print(json.dumps(found))
`

async function python(world: Influxdb1World, username: string, password: string) {
  const { hostname, port } = new URL(world.url)
  const child = spawn(PYTHON, ['-c', PYTHON_PROGRAM, hostname, port, username, password])
  const [out, failed] = await Promise.all([text(child.stdout), text(child.stderr)])
  assert.notEqual(out, '', failed)
  return JSON.parse(out)
}

function javascript(world: Influxdb1World, username: string, password: string): InfluxDB {
  const { hostname, port } = new URL(world.url)
  return new InfluxDB({ host: hostname, port: Number(port), username, password, database: 'a' })
}

describe('clients of InfluxDB 1.x', { skip: withoutInfluxdb1 }, () => {
  let world: Influxdb1World
  let token: string
  /** As `read:a` and `write:a` of a 1.x authorization. */
  const legacy = { username: 'telegraf', password: 'a password of telegraf' }

  before(async () => {
    world = await startInfluxdb1World()
    token = await world.tokenWith(['read:a', 'write:a'])
    const { ask, orgID, buckets } = world
    const made = await ask('POST', '/private/legacy/authorizations', {
      ...{ orgID, token: legacy.username },
      permissions: ['read', 'write'].map((action) => ({
        action,
        resource: { type: 'buckets', id: buckets.a, orgID },
      })),
    })
    assert.equal(made.status, 201, made.text)
    const path = `/private/legacy/authorizations/${made.json.id}/password`
    assert.equal((await ask('POST', path, { password: legacy.password })).status, 204)
  })
  after(() => world.stop())

  const credentials = [
    ['a token as password', () => ({ username: 'somebody', password: token })],
    ['a 1.x authorization', () => legacy],
  ] as const

  for (const [name, of] of credentials) {
    test(`the Python client, by ${name}`, { skip: withoutPython }, async () => {
      const { username, password } = of()
      const found = await python(world, username, password)
      assert.match(found.ping, /^v?1\.6/)
      assert.deepEqual(found.databases, ['a'])
      assert.equal(found.written, true)
      const point = { time: '2026-01-02T03:04:05Z', v: 1.5 }
      assert.deepEqual([found.points, found.bound], [[point], [point]])
      assert.ok(found.measurements.includes('py'))
      assert.ok(!found.measurements.includes('only_b'))
      assert.deepEqual(found.policies, ['autogen', 'second'])
      assert.deepEqual(found.refused, [403, 403, 403, 403])
    })

    test(`the JavaScript client, by ${name}`, async () => {
      const { username, password } = of()
      const client = javascript(world, username, password)
      const [ping] = await client.ping(5000)
      assert.deepEqual([ping?.online, ping?.version?.replace('v', '').slice(0, 3)], [true, '1.6'])
      assert.deepEqual(await client.getDatabaseNames(), ['a'])
      const point = { measurement: 'js', tags: { host: 'one' }, fields: { v: 2.5 } }
      await client.writePoints([{ ...point, timestamp: new Date('2026-01-02T03:04:05Z') }])
      const rows = await client.query<{ v: number; host: string }>('SELECT v, host FROM js')
      assert.deepEqual(
        rows.map(({ v, host }) => [v, host]),
        [[2.5, 'one']],
      )
      const placeholders = { placeholders: { host: 'one' } }
      const bound = await client.query<{ v: number }>('SELECT v FROM js WHERE host = $host', placeholders)
      assert.equal(bound[0]?.v, 2.5)
      assert.ok((await client.getMeasurements()).includes('js'))
      for (const act of [
        () => client.query('SELECT * FROM b..m'),
        () => client.writePoints([point], { database: 'b' }),
        () => client.createDatabase('d'),
        () => client.getUsers(),
      ]) {
        await assert.rejects(act(), /403|not allowed|unauthorized|forbidden/i)
      }
    })
  }

  test('both clients with a wrong password', async () => {
    await assert.rejects(javascript(world, 'somebody', 'wrong').query('SELECT * FROM m'), /401|unauthorized/i)
    if (withoutPython) return
    const program = spawn(PYTHON, [
      ...['-c', PYTHON_PROGRAM, '127.0.0.1', new URL(world.url).port, 'somebody', 'wrong'],
    ])
    assert.match(await text(program.stderr), /InfluxDBClientError: 401/)
  })
})
