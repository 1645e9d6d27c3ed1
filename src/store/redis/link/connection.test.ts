import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis, startRedisWithSentinels } from '../../../../scripts/engines/redis.ts'
import { withoutOpenssl, writeCertificate } from '../../../../test/support/certificate.ts'
import { startTcpProxy } from '../../../../test/support/engines/tcp-proxy.ts'
import { temporaryFolder } from '../../../../test/support/folder.ts'
import { freePort } from '../../../../test/support/free-port.ts'
import { connected, quiet, sharedRedis, withoutRedis } from '../../../../test/support/redis.ts'
import { SluiceError } from '../../../domain/base/errors.ts'
import { connectRedis, type RedisConnection } from './connection.ts'
import { openLink } from './link.ts'
import { redisScript } from './script.ts'

const ECHO = redisScript('return ARGV[1]')
const SET = redisScript("redis.call('SET', KEYS[1], ARGV[1]) return redis.status_reply('OK')")
const GET = redisScript("return redis.call('GET', KEYS[1])")

const local = (port: number) => ({ host: '127.0.0.1', port, database: 0 })

const away = (error: unknown) =>
  error instanceof SluiceError &&
  error.code === 'unavailable' &&
  error.message === 'the session store cannot be reached; try again shortly' &&
  error.retryAfterSeconds === 2

/** Until it is connected, to another server than `not` if that is given. */
async function untilConnected(connection: RedisConnection, not?: string): Promise<string> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const state = connection.state()
    if (state.connected && state.serverID !== not) return state.serverID
    await sleep(10)
  }
  return assert.fail('it did not connect')
}

suite('Redis connection', withoutRedis, () => {
  test('scripts run by their hash, also after the server has forgotten them', async () => {
    const redis = await connected()
    assert.equal(await redis.run(ECHO, [], ['once']), 'once')
    await redis.run(redisScript("return redis.call('SET', KEYS[1], ARGV[1])"), [`${redis.keyPrefix}a`], [5])
    const server = await startRedis()
    const own = await connected({ access: local(server.port) })
    assert.equal(await own.run(ECHO, [], ['twice']), 'twice')
    assert.equal(await own.run(ECHO, [], ['three times']), 'three times')
    const before = await untilConnected(own)
    await server.restart()
    await untilConnected(own, before)
    assert.equal(await own.run(ECHO, [], ['anew']), 'anew')
    await server.stop()
  })

  test('where nothing listens it starts, says so, and every command fails at once', async () => {
    const redis = await connected({ access: local(1) })
    const { connected: is, ...rest } = redis.state()
    assert.equal(is, false)
    assert.match('problem' in rest ? rest.problem : '', /ECONNREFUSED/)
    const began = performance.now()
    await assert.rejects(redis.run(ECHO, [], ['a']), away)
    assert.ok(performance.now() - began < 1000)
  })

  test('a server that comes back is found, by its new id', async () => {
    const server = await startRedis()
    const seen: string[] = []
    const onConnected = async (serverID: string) => void seen.push(serverID)
    const redis = await connected({ access: local(server.port), onConnected })
    const before = await untilConnected(redis)
    const running = assert.rejects(redis.run(redisScript('while true do end'), [], []), away)
    await server.restart()
    await running
    const later = await untilConnected(redis, before)
    assert.deepEqual(seen, [before, later])
    assert.equal(await redis.run(ECHO, [], ['b'], later), 'b')
    await assert.rejects(redis.run(ECHO, [], ['c'], before), away)
    await server.stop()
  })

  test('a network that swallows everything is given up after the timeout, not after that of TCP', async (t) => {
    const { port } = await sharedRedis()
    const proxy = await startTcpProxy(port)
    t.after(proxy.close)
    const redis = await connected({ access: local(proxy.port), timeoutMs: 500 })
    assert.equal(await redis.run(ECHO, [], ['a']), 'a')
    proxy.swallow(true)
    const began = performance.now()
    await Promise.all([1, 2, 3].map((n) => assert.rejects(redis.run(ECHO, [], [n]), away)))
    assert.ok(performance.now() - began < 1500, 'bounded')
    assert.equal(redis.state().connected, false)
    await sleep(700)
    assert.equal(redis.state().connected, false)
    proxy.swallow(false)
    await untilConnected(redis)
    assert.equal(await redis.run(ECHO, [], ['b']), 'b')
  })

  test('no command passes before the hook has let the connection through; one that refuses is asked again', async () => {
    const answers = [Promise.reject(new Error('not yet')), sleep(100), undefined]
    answers[0]?.catch(() => undefined)
    let asked = 0
    const redis = await connected({
      onConnected: async () => {
        await answers[asked++]
      },
    })
    await assert.rejects(redis.run(ECHO, [], ['a']), away)
    await untilConnected(redis)
    assert.equal(asked, 2)
    assert.equal(await redis.run(ECHO, [], ['a']), 'a')
    redis.drop('for the test')
    await assert.rejects(redis.run(ECHO, [], ['a']), away)
    await untilConnected(redis)
    assert.equal(asked, 3)
  })

  test('with TLS the server must show the certificate of its name', { skip: withoutOpenssl }, async (t) => {
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(temporaryFolder(), name)) as [
      string,
      string,
    ]
    writeCertificate({ cert, key }, 'localhost')
    const port = await freePort()
    const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no']
    const bind = ['--bind', '127.0.0.1', '127.0.0.2']
    const server = await startRedis({ args: [...bind, '--tls-port', String(port), ...tls] })
    t.after(server.stop)
    const ca = readFileSync(cert, 'utf8')
    const right = await connected({ access: { ...local(port), host: 'localhost', tls: { ca } } })
    assert.equal(await right.run(ECHO, [], ['a']), 'a')
    for (const [host, own, problem] of [
      ['localhost', {}, /self-signed/],
      ['127.0.0.2', { ca }, /does not match certificate/],
    ] as const) {
      const wrong = await connected({ access: { ...local(port), host, tls: own } })
      const state = wrong.state()
      assert.match(state.connected ? 'connected' : state.problem, problem, host)
    }
  })

  test('a cluster is refused with the reason', async () => {
    const server = await startRedis({ args: ['--cluster-enabled', 'yes'] })
    const options = { access: local(server.port), keyPrefix: 'a:', timeoutMs: 2000, log: quiet }
    await assert.rejects(connectRedis(options), {
      name: 'UnsuitableRedisError',
      message: /is a Redis Cluster/,
    })
    await server.stop()
  })

  test('a password is sent, and is in nothing that is said', async () => {
    const server = await startRedis({ args: ['--requirepass', 'right horse'] })
    const said: unknown[] = []
    const note = (...all: unknown[]) => void said.push(all)
    const log = { info: note, warn: note, error: note }
    const right = await connected({ access: { ...local(server.port), password: 'right horse' }, log })
    assert.equal(await right.run(ECHO, [], ['a']), 'a')
    const wrong = await connected({ access: { ...local(server.port), password: 'wrong horse' }, log })
    const failure = await wrong.run(ECHO, [], ['a']).catch((error) => error)
    assert.ok(away(failure))
    const { inspect } = await import('node:util')
    const everything = inspect([said, wrong.state(), failure], { depth: 20, showHidden: true })
    assert.match(everything, /WRONGPASS/)
    assert.doesNotMatch(everything, /horse/)
    await server.stop()
  })

  test('a script that fails is an error, and the connection goes on', async () => {
    const redis = await connected()
    await assert.rejects(redis.run(redisScript('return nonsense()'), [], []), away)
    assert.equal(redis.state().connected, true)
  })

  test('a master whose memory is full and that forgets keys is warned of, once', async () => {
    const server = await startRedis({ args: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] })
    const warnings: string[] = []
    const log = { ...quiet, warn: (message: string) => void warnings.push(message) }
    const redis = await connected({ access: local(server.port), log })
    redis.drop('for the test')
    await sleep(20)
    await untilConnected(redis)
    assert.equal(warnings.filter((each) => /noeviction/.test(each)).length, 1)
    await server.stop()
  })
})

suite('Redis connection with Sentinels', { timeout: 60_000, ...withoutRedis }, () => {
  test('the master is found, replicas are waited for, and after a failover the new one takes over', async (t) => {
    const fleet = await startRedisWithSentinels()
    t.after(fleet.stop)
    const redis = await connected({
      access: local(1),
      sentinels: {
        addresses: [{ host: '127.0.0.1', port: 1 }, ...fleet.sentinels.map(({ port }) => local(port))],
        master: fleet.name,
      },
    })
    const before = await untilConnected(redis)
    await redis.run(SET, ['kept'], ['value'])
    assert.equal(await redis.waitForReplicas(2, 1000), 2)
    const [replica] = fleet.replicas
    assert.ok(replica)
    process.kill(replica.pid(), 'SIGSTOP')
    const waiting = redis.waitForReplicas(2, 2000)
    await sleep(100)
    const began = performance.now()
    assert.equal(await redis.run(GET, ['kept'], []), 'value')
    assert.ok(performance.now() - began < 1500, 'nothing else waits')
    assert.equal(await waiting, 1)
    process.kill(replica.pid(), 'SIGCONT')

    await fleet.master.kill()
    const after = await untilConnected(redis, before)
    assert.equal(await redis.run(GET, ['kept'], [], after), 'value')
    await redis.run(SET, ['kept'], ['another'])
  })

  test('a master that became a replica is left at the first command', async (t) => {
    const [first, second] = [await startRedis(), await startRedis()]
    t.after(() => Promise.all([first.stop(), second.stop()]))
    const redis = await connected({ access: local(first.port) })
    const admin = await openLink(local(first.port), { timeoutMs: 2000, signal: t.signal })
    await admin.send(['REPLICAOF', '127.0.0.1', String(second.port)])
    await assert.rejects(redis.run(GET, ['any'], []), away)
    assert.equal(redis.state().connected, false)
  })
})
