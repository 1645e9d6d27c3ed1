import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { withoutOpenssl, writeCertificate } from '../../../test/support/certificate.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { type Certificate, createCertificateFiles } from './certificate.ts'

const folder = temporaryFolder()
const pair = (name: string) => ({ cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) })
const [one, other, served] = [pair('one'), pair('other'), pair('served')]

function filesOf(certPath: string, keyPath: string) {
  const events = new EventEmitter()
  const files = createCertificateFiles({
    certPath,
    keyPath,
    onRenewed: () => events.emit('renewed'),
    onProblem: (problem) => events.emit('problem', problem),
  })
  return { files, events }
}

/** Changes files until that is noticed: a change before the first look is none. */
async function untilEvent(events: EventEmitter, event: string, change: () => void): Promise<void> {
  const changing = setInterval(change, 500)
  change()
  await once(events, event)
  clearInterval(changing)
}

const nameOf = ({ cert }: Certificate) => new X509Certificate(cert).subject

suite('a certificate in two files', { skip: withoutOpenssl, concurrency: true }, () => {
  if (!withoutOpenssl) {
    writeCertificate(one, 'one')
    writeCertificate(other, 'other')
  }

  test('a missing file, no certificate at all, a key of another: each throws when it is read', () => {
    assert.throws(() => filesOf(join(folder, 'none'), one.key).files.read(), { code: 'ENOENT' })
    assert.throws(() => filesOf(one.key, one.key).files.read())
    assert.throws(() => filesOf(one.cert, other.key).files.read(), /key values mismatch/)
  })

  test('a broken one is told and not handed on, the next good one is', async () => {
    copyFileSync(one.cert, served.cert)
    copyFileSync(one.key, served.key)
    const { files, events } = filesOf(served.cert, served.key)
    assert.equal(nameOf(files.read()), 'CN=one')
    const handedOn: string[] = []
    const stop = files.watch((certificate) => handedOn.push(nameOf(certificate)))

    await untilEvent(events, 'problem', () => writeFileSync(served.cert, 'half a certif'))
    assert.deepEqual(handedOn, [])
    await untilEvent(events, 'renewed', () => {
      copyFileSync(other.cert, served.cert)
      copyFileSync(other.key, served.key)
    })
    assert.equal(handedOn.at(-1), 'CN=other')
    stop()
  })
})
