import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startPostgres } from '../../../scripts/engines/postgres.ts'
import { withoutOpenssl, writeCertificate } from '../../../test/support/certificate.ts'
import { withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { openPostgresStore } from './open.ts'

suite('PostgreSQL over TLS', { skip: withoutPostgres || withoutOpenssl }, () => {
  test('is verified as the URL says', async (t) => {
    const [cert, key, other] = ['cert.pem', 'key.pem', 'other.pem'].map((name) =>
      join(temporaryFolder(), name),
    ) as [string, string, string]
    writeCertificate({ cert, key }, 'localhost')
    writeCertificate({ cert: other, key: `${other}.key` }, 'localhost')
    const own = await startPostgres({
      tls: { cert, key },
      settings: { listen_addresses: '127.0.0.1,127.0.0.2' },
    })
    t.after(own.stop)

    async function isReached(host: string, sslmode: string, caFile?: string): Promise<boolean> {
      const url = new URL(own.url)
      url.hostname = host
      if (sslmode !== '') url.searchParams.set('sslmode', sslmode)
      try {
        const store = await openPostgresStore({ url: url.href, caFile, poolSize: 2, timeoutMs: 5000 })
        await store.users.count()
        await store.close()
        return true
      } catch (error) {
        assert.match((error as Error).message, /cannot be used: .*(certificate|altnames|Host)/i)
        return false
      }
    }
    assert.equal(await isReached('127.0.0.1', 'require'), true)
    assert.equal(await isReached('localhost', '', cert), true)
    assert.equal(await isReached('127.0.0.1', 'verify-full', cert), true)
    // Another name of the same machine, which the certificate does not have.
    assert.equal(await isReached('127.0.0.2', 'verify-full', cert), false)
    assert.equal(await isReached('127.0.0.1', 'verify-full'), false)
    assert.equal(await isReached('127.0.0.1', '', other), false)
    assert.equal(await isReached('127.0.0.1', 'require', other), false)
  })
})
