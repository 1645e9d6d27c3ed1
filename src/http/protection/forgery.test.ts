import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { refused } from '../../../test/support/refused.ts'
import {
  refuseForeignPage,
  refuseForeignSignIn,
  refuseForeignSignOut,
  refuseForgery,
  type TrustedOrigins,
} from './forgery.ts'

const HOST = 'sluice.example:8086'
const OWN = `http://${HOST}`

const NONE = {
  schemes: ['http'],
  publicOrigin: undefined,
  allowed: new Set<string>(),
  mayEnter: new Set<string>(),
} as const

function check(
  headers: Record<string, string>,
  more: Partial<TrustedOrigins> & { method?: string; by?: typeof refuseForgery } = {},
) {
  const { method = 'POST', by = refuseForgery, ...origins } = more
  const request = { method, headers: { host: HOST, ...headers } } as unknown as FastifyRequest
  by(request, { ...NONE, ...origins })
}

const forged = (...given: Parameters<typeof check>) =>
  refused(() => check(...given), 'forbidden', /^a page of another site sent this request/)

suite('a request that a page of another site sent', () => {
  test('is refused by what the browser says of the site', async () => {
    await forged({ 'sec-fetch-site': 'cross-site' })
    await forged({ 'sec-fetch-site': 'cross-site', origin: OWN })
  })

  test('of a sibling host, or of another port of this one', async () => {
    // A proxy that leaves the port out of the host makes another port's origin look like this server's.
    await forged({ 'sec-fetch-site': 'same-site' })
    await forged({ 'sec-fetch-site': 'same-site', origin: OWN })
    await forged({ 'sec-fetch-site': 'none', origin: 'http://evil.example' })
  })

  test('is refused where what the browser says is nothing that it could say', async () => {
    for (const site of ['', 'same-origin, cross-site', 'cross-site, same-origin', 'SAME-ORIGIN', 'x']) {
      await forged({ 'sec-fetch-site': site })
      await forged({ 'sec-fetch-site': site, origin: OWN })
    }
  })

  test('is refused by its origin, however like this server it looks', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      '',
      HOST,
      'http://sluice.example',
      'http://sluice.example:80',
      'http://sluice.example:8087',
      'http://sluice.example.evil.example:8086',
      `http://evil.example/${HOST}`,
      `http://${HOST}@evil.example`,
      `https://${HOST}`,
      `ftp://${HOST}`,
      `file://${HOST}`,
      `http://evil@${HOST}`,
      `http://evil:evil@${HOST}`,
      `${OWN}/`,
      `${OWN}/path`,
      `${OWN}?query`,
      `${OWN}#fragment`,
      `${OWN} ${OWN}`,
      `${OWN},${OWN}`,
      OWN.toUpperCase(),
    ]) {
      await forged({ origin })
      await forged({ origin, 'sec-fetch-site': 'same-site' })
    }
  })

  test('is refused where there is no host to compare with', async () => {
    const request = { method: 'POST', headers: { origin: 'null' } } as unknown as FastifyRequest
    await refused(() => refuseForgery(request, NONE), 'forbidden')
  })

  test('is refused without TLS where this server has it, and where the host is more than a host', async () => {
    await forged({ origin: OWN }, { schemes: ['https'] })
    await forged({ origin: 'http://sluice.example', host: 'sluice.example' }, { schemes: ['https'] })
    for (const host of ['evil@sluice.example', 'sluice.example/evil', 'sluice.example?', '', 'a b', '[']) {
      await forged({ origin: 'http://sluice.example', host })
    }
  })

  test('is refused for every method that may change something', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'post']) {
      await forged({ origin: 'http://evil.example' }, { method })
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) check({ origin: 'http://evil.example' }, { method })
  })

  test('is refused for the host itself where another is its public name', async () => {
    const publicOrigin = 'https://influx.example'
    await forged({ origin: OWN }, { publicOrigin })
    check({ origin: publicOrigin }, { publicOrigin })
  })
})

suite('a request passes', () => {
  test('that no browser sent, or a page of this server, whatever the case of its host', () => {
    check({})
    check({ origin: OWN })
    check({ origin: `https://${HOST}` }, { schemes: ['https'] })
    check({ origin: OWN, host: HOST.toUpperCase() })
    for (const origin of [OWN, `https://${HOST}`]) check({ origin }, { schemes: ['http', 'https'] })
    check({ origin: 'http://[::1]:8086', host: '[::1]:8086' })
    for (const site of ['same-origin', 'none']) {
      check({ 'sec-fetch-site': site })
      check({ 'sec-fetch-site': site, origin: OWN })
    }
  })

  test('that the browser says is of this origin, whatever a proxy made of the host', () => {
    const behind = { origin: 'https://id.example.com', 'sec-fetch-site': 'same-origin' }
    check(behind)
    check({ ...behind, host: '127.0.0.1:8086' })
    check(behind, { publicOrigin: 'https://other.example' })
    check(
      { origin: 'https://id.example.com', 'sec-fetch-site': 'same-site' },
      { publicOrigin: 'https://id.example.com' },
    )
  })

  test("whether its scheme's own port is written or not", () => {
    for (const [scheme, port] of [
      ['http', 80],
      ['https', 443],
    ] as const) {
      check({ origin: `${scheme}://id.example`, host: `id.example:${port}` }, { schemes: [scheme] })
      check({ origin: `${scheme}://id.example`, host: 'id.example' }, { schemes: [scheme] })
    }
    assert.throws(() => check({ origin: 'http://id.example', host: 'id.example:443' }))
  })

  test('that a page of an allowed origin sent, from another site too', () => {
    const allowed = new Set(['https://grafana.example'])
    check({ origin: 'https://grafana.example' }, { allowed })
    check({ origin: 'https://grafana.example', 'sec-fetch-site': 'cross-site' }, { allowed })
    assert.throws(() => check({ origin: 'https://grafana.example:444' }, { allowed }))
    assert.throws(() => check({ 'sec-fetch-site': 'cross-site' }, { allowed }))
  })
})

suite('a request without a cookie', () => {
  const doors = [refuseForeignPage, refuseForeignSignIn]
  const REBOUND = {
    origin: 'http://evil.example:8086',
    host: 'evil.example:8086',
    'sec-fetch-site': 'same-origin',
  }
  const publicOrigin = 'https://id.example.com'

  test('is refused from other sites, and passes from this one and from scripts', async () => {
    for (const by of doors) {
      await forged({ origin: 'https://evil.example' }, { by })
      await forged({ 'sec-fetch-site': 'cross-site' }, { by })
      await forged({ 'sec-fetch-site': 'same-site', origin: OWN }, { by })
      await forged({ origin: 'null' }, { by })
      check({}, { by })
      check({ origin: OWN }, { by })
      check({ origin: publicOrigin, 'sec-fetch-site': 'same-origin' }, { by })
      check({ origin: publicOrigin }, { by, publicOrigin })
      check({ 'sec-fetch-site': 'same-origin' }, { by, publicOrigin })
      check(
        { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
        { by, allowed: new Set(['https://app.example']) },
      )
    }
  })

  test('is refused from a rebound name where the public one is known', async () => {
    for (const by of doors) await forged(REBOUND, { by, publicOrigin })
  })

  test('signs in and out from where CORS is narrowed to, and does nothing else', async () => {
    const more = { mayEnter: new Set(['https://app.example']) }
    const headers = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
    for (const by of [refuseForeignSignIn, refuseForeignSignOut]) {
      check(headers, { ...more, by })
      await forged({ ...headers, origin: 'https://evil.example' }, { ...more, by })
    }
    for (const by of [refuseForeignPage, refuseForgery]) await forged(headers, { ...more, by })
  })
})
