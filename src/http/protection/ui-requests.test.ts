import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIsFromUI } from './ui-requests.ts'

const isFromUI = createIsFromUI({ consolePath: '/console/', publicOrigin: 'https://id.example.com' })
const host = '127.0.0.1:8086'

test("a request is from upstream's UI if its page is of this server and not of the console", () => {
  for (const [expected, headers] of [
    [true, { host, referer: `http://${host}/` }],
    [true, { host, referer: `http://${host}/orgs/0a1b2c3d4e5f6071?x=/console/` }],
    [true, { host, referer: `http://${host}/consoles` }],
    // A proxy that changes the host: the browser, or the public origin, tells.
    [true, { host, referer: 'https://other.example/orgs', 'sec-fetch-site': 'same-origin' }],
    [true, { host, referer: 'https://id.example.com/orgs' }],
    [false, { host }],
    [false, { host, referer: '' }],
    [false, { host, referer: 'about:blank' }],
    [false, { host, referer: `http://${host}/console` }],
    [false, { host, referer: `http://${host}/console/people` }],
    [false, { host, referer: 'https://other.example/', 'sec-fetch-site': 'cross-site' }],
    [false, { host, referer: 'https://other.example/' }],
  ] as const) {
    assert.equal(isFromUI({ headers }), expected, JSON.stringify(headers))
  }
})
