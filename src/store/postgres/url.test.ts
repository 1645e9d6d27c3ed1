import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { PostgresUrlError, parsePostgresUrl, placeOf } from './url.ts'

suite('the URL of PostgreSQL', () => {
  test('what cannot be used is refused by a sentence without the URL', () => {
    const refused: [url: string, sentence: RegExp][] = [
      ['', /is none$/],
      ['db.example.com/sluice', /is none$/],
      ['mysql://ada:hunter2@h/d', /must begin with postgres:\/\/$/],
      ['postgres://h/d', /names no user/],
      ['postgres://ada:hunter2@h/d?sslmod=require', /has "sslmod", which is unknown here; it takes sslmode,/],
      ['postgres://ada:hunter2@h/d?sslmode=prefer', /none of disable, require, verify-ca, verify-full$/],
      ['postgres://ada:hunter2@h/d?sslmode=verify-ca', /names no CA$/],
    ]
    for (const [url, sentence] of refused) {
      assert.throws(
        () => parsePostgresUrl(url),
        (error: Error) => {
          assert.ok(error instanceof PostgresUrlError)
          assert.match(error.message, sentence)
          return !error.message.includes('hunter2')
        },
      )
    }
  })

  test('its parts', () => {
    const { ssl, ...all } = parsePostgresUrl('postgresql://a%40da:p%2Fw%25@[::1]:6543/my%20data')
    assert.deepEqual(all, {
      ...{ host: '::1', port: 6543, database: 'my data', user: 'a@da', password: 'p/w%', options: '' },
    })
    const few = parsePostgresUrl('postgres://ada@db')
    assert.deepEqual([few.host, few.port, few.database, few.password], ['db', 5432, 'ada', ''])
    const socket = parsePostgresUrl('postgres://ada@localhost/data?host=/run/postgresql')
    assert.deepEqual([socket.host, placeOf(socket)], ['/run/postgresql', '/run/postgresql (data)'])
    assert.equal(placeOf(few), 'db:5432/ada')
  })

  test('without a mode there is no TLS, with a CA it verifies', () => {
    const caFile = join(temporaryFolder(), 'ca.pem')
    writeFileSync(caFile, 'a certificate')
    const modes: [query: string, ca: string | undefined, verifies: boolean | undefined, names: boolean][] = [
      ['', undefined, undefined, false],
      ['sslmode=disable', caFile, undefined, false],
      ['', caFile, true, true],
      ['sslmode=require', undefined, false, false],
      ['sslmode=require', caFile, true, false],
      ['sslmode=verify-ca', caFile, true, false],
      ['sslmode=verify-full', undefined, true, true],
      [`sslmode=verify-full&sslrootcert=${caFile}`, undefined, true, true],
    ]
    for (const [query, ca, verifies, checksName] of modes) {
      const { ssl } = parsePostgresUrl(`postgres://ada@db/d?${query}`, ca)
      assert.equal(ssl === false ? undefined : ssl.rejectUnauthorized, verifies, query)
      assert.equal(ssl !== false && ssl.checkServerIdentity === undefined, checksName, query)
    }
  })
})
