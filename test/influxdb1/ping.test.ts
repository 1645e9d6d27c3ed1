/** `/ping` through the server, against the answers of the InfluxDB behind it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../support/http.ts'
import { startInfluxdb1World, withoutInfluxdb1 } from './world.ts'

test('/ping tells the version of the InfluxDB behind', { skip: withoutInfluxdb1 }, async (t) => {
  const world = await startInfluxdb1World()
  t.after(() => world.stop())
  const targets = ['/ping', '/ping?verbose=', '/ping?verbose=0', '/ping?verbose=false', '/ping?verbose=1']
  for (const method of ['GET', 'HEAD']) {
    for (const path of [...targets, '/ping?wait_for_leader=1s', '/ping?verbose=true&a=%zz']) {
      const [own, there] = await Promise.all(
        [world.url, world.influxdb.url].map((url) => send(url, { method, path })),
      )
      assert.ok(own && there)
      assert.deepEqual([own.status, own.text], [there.status, there.text], `${method} ${path}`)
      for (const name of ['x-influxdb-version', 'x-influxdb-build', 'content-type']) {
        assert.equal(own.headers[name], there.headers[name], `${name} of ${method} ${path}`)
      }
      assert.match(String(own.headers['x-influxdb-version']), /^1\.6/)
      assert.equal(own.headers['x-content-type-options'], 'nosniff', 'the headers of Sluice itself')
    }
  }
  assert.equal((await send(world.url, { method: 'POST', path: '/ping' })).status, 405)
  await world.influxdb.stop()
  assert.equal((await send(world.url, { method: 'GET', path: '/ping' })).status, 204, 'kept for 10 s')
})
