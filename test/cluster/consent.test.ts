import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { type Asked, agreesToInstall } from '../../scripts/engines/consent.ts'

async function ask(given: Partial<Asked>, typed?: string) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let text = ''
  output.on('data', (chunk) => {
    text += chunk
  })
  if (typed !== undefined) {
    Object.assign(input, { isTTY: true })
    input.end(typed)
  }
  const what = 'The cluster'
  const asked = { what, packages: 'haproxy redis-server', canInstall: true, isAgreed: false, env: {} }
  return { isYes: await agreesToInstall({ ...asked, input, output, ...given }), text }
}

test('nothing is installed unless a person says yes', async () => {
  for (const typed of ['', '\n', 'n\n', 'no\n', 'yellow\n', 'ny\n']) {
    const { isYes, text } = await ask({}, typed)
    assert.equal(isYes, false, typed)
    assert.match(
      text,
      /^The cluster needs .* installs them for all users: haproxy redis-server\nInstall them\? \[y\/N\] /,
    )
  }
  for (const typed of ['y\n', 'Yes\n', ' y \n']) assert.equal((await ask({}, typed)).isYes, true, typed)
})

test('without a terminal --yes or CI=true agrees, and which packages come is said all the same', async () => {
  const { isYes, text } = await ask({})
  assert.equal(isYes, false)
  assert.match(text, /run it again with --yes/)
  for (const given of [{ isAgreed: true }, { env: { CI: 'true' } }]) {
    const agreed = await ask(given)
    assert.equal(agreed.isYes, true)
    assert.match(agreed.text, /for all users: haproxy redis-server\n$/)
  }
})

test('a user who cannot install packages is told what an administrator types', async () => {
  const { isYes, text } = await ask({ canInstall: false, isAgreed: true }, 'y\n')
  assert.equal(isYes, false)
  assert.match(text, /On Debian, as root: apt-get install haproxy redis-server\n$/)
})
