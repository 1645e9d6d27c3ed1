import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIsFromUI } from './ui-requests.ts'

const isFromUI = createIsFromUI({ consolePath: '/console/', publicOrigin: 'https://id.example.com' })
const HOST = '127.0.0.1:8086'

test("a request is from upstream's UI if its page is of this server and not of the console", () => {
  for (const [expected, headers] of [
    [true, { host: HOST, referer: `http://${HOST}/` }],
    [true, { host: HOST, referer: `http://${HOST}/orgs/0a1b2c3d4e5f6071?x=/console/` }],
    [true, { host: HOST, referer: `http://${HOST}/consoles` }],
    // A proxy that changes the host: the browser, or the public origin, tells.
    [true, { host: HOST, referer: 'https://other.example/orgs', 'sec-fetch-site': 'same-origin' }],
    [true, { host: HOST, referer: 'https://id.example.com/orgs' }],
    [false, { host: HOST }],
    [false, { host: HOST, referer: '' }],
    [false, { host: HOST, referer: 'about:blank' }],
    [false, { host: HOST, referer: `http://${HOST}/console` }],
    [false, { host: HOST, referer: `http://${HOST}/console/people` }],
    [false, { host: HOST, referer: 'https://other.example/', 'sec-fetch-site': 'cross-site' }],
    [false, { host: HOST, referer: 'https://other.example/' }],
  ] as const) {
    assert.equal(isFromUI({ headers }), expected, JSON.stringify(headers))
  }
})
