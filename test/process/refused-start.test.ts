import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { get, setUpServer } from './api.ts'
import { runSluice, startSluice } from './sluice.ts'

const ANY_PORT = ['--http-bind-address', '127.0.0.1:0']

suite('a server that cannot start prints the reason in one sentence and exits', { concurrency: true }, () => {
  test('because another server has the file or the port; that server and its pid file are not touched', async (t) => {
    const folder = temporaryFolder()
    const [path, pidFile] = [join(folder, 'data.sqlite'), join(folder, 'sluice.pid')]
    const args = ['--sqlite-path', path, '--pid-file', pidFile]
    const first = await startSluice(t, args)
    await setUpServer(first.url)

    const onSamePort = ['--http-bind-address', `127.0.0.1:${first.port}`, '--store', 'memory']
    const [sameFile, samePort] = await Promise.all([runSluice([...ANY_PORT, ...args]), runSluice(onSamePort)])
    assert.deepEqual([sameFile.code, samePort.code], [1, 1])
    assert.equal(
      sameFile.err,
      `sluice: ${path} is in use by another Sluice; stop that one first, or give this one its own file with --sqlite-path\n`,
    )
    const advice = 'stop the program that uses it, or choose another address with --http-bind-address'
    assert.match(samePort.err, new RegExp(`^sluice: [^\n]*EADDRINUSE[^\n]*; ${advice}\n$`))
    assert.equal(readFileSync(pidFile, 'utf8'), `${first.child.pid}\n`)
    assert.equal((await get(first.url, '/health')).status, 200)
  })

  test('because a flag is unknown, with status 2', async () => {
    const { code, out, err } = await runSluice(['--sesion-length', '10m'])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /^sluice: [^\n]*--sesion-length[^\n]*--session-length[^\n]*\n$/)
  })

  test('because a variable is unknown, with status 2, and so for print-config', async () => {
    for (const command of ['serve', 'print-config']) {
      const { code, out, err } = await runSluice([command], { env: { SLUICE_SESION_LENGTH: '10m' } })
      assert.deepEqual([code, out], [2, ''])
      assert.equal(
        err,
        'sluice: SLUICE_SESION_LENGTH is not a setting; did you mean SLUICE_SESSION_LENGTH?\n',
      )
    }
  })

  test('because the file belongs to another program', async () => {
    const path = join(temporaryFolder(), 'influxd.bolt')
    writeFileSync(path, 'something else entirely')
    const { code, err } = await runSluice([...ANY_PORT, '--sqlite-path', path])
    assert.deepEqual(
      [code, err],
      [1, `sluice: ${path} is a file of another program; give Sluice its own with --sqlite-path\n`],
    )
    assert.equal(readFileSync(path, 'utf8'), 'something else entirely')
  })

  test('because its pid file cannot be written; no process keeps listening', async () => {
    const pidFile = join(temporaryFolder(), 'no', 'such', 'folder', 'pid')
    const { code, err } = await runSluice([...ANY_PORT, '--store', 'memory', '--pid-file', pidFile])
    assert.equal(code, 1)
    assert.match(err, /^sluice: ENOENT[^\n]*pid[^\n]*\n$/)
    assert.ok(!existsSync(pidFile))
  })

  test('because the certificate does not exist', async () => {
    const missing = join(temporaryFolder(), 'cert.pem')
    const tls = ['--tls-cert', missing, '--tls-key', missing]
    const { code, err } = await runSluice([...ANY_PORT, '--store', 'memory', ...tls])
    assert.equal(code, 1)
    assert.match(err, /^sluice: ENOENT[^\n]*cert\.pem[^\n]*\n$/)
  })
})
