import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createReturnAddresses, signInAddress } from './sign-in-address.ts'

const HOSTS = ['grafana.example.com', 'apps.example.com:8443', '*.lab.example.com']

suite('addresses to which a browser may be sent back', () => {
  const { safe } = createReturnAddresses({ hosts: HOSTS, publicOrigin: 'https://id.example.com' })
  const own = createReturnAddresses({ hosts: HOSTS, publicOrigin: undefined })

  test('are those of the listed hosts, and of the server itself', () => {
    for (const address of [
      'https://grafana.example.com/d/1?a=b',
      'https://apps.example.com:8443/',
      'https://a.b.lab.example.com/',
      'https://id.example.com/people',
    ]) {
      assert.equal(safe(address, undefined), address)
    }
    assert.equal(safe('https://GRAFANA.example.com', undefined), 'https://grafana.example.com/')
    assert.equal(own.safe('http://localhost:8086/x', 'localhost:8086'), 'http://localhost:8086/x')
    assert.equal(own.safe('http://grafana.example.com/', undefined), 'http://grafana.example.com/')
  })

  test('are no others, however they are written', () => {
    for (const address of [
      ...[
        'https://evil.example/',
        'https://grafana.example.com.evil.example/',
        'https://evilgrafana.example.com/',
      ],
      ...['https://lab.example.com/', 'https://evillab.example.com/', 'https://apps.example.com/'],
      ...[
        'http://grafana.example.com/',
        'https://grafana.example.com@evil.example/',
        '//grafana.example.com/',
      ],
      ...[
        'https://grafana.example.com\\@evil.example/',
        'https:grafana.example.com/',
        'https:/grafana.example.com/',
      ],
      ...['javascript://grafana.example.com/%0aalert(1)', 'data:text/html,x', 'ftp://grafana.example.com/'],
      ...[
        'https://grafana.example.com:444/',
        ' https://grafana.example.com/',
        'https://grafana.example.com/\n',
      ],
      ...['https://u:p@grafana.example.com/', '/people', '', 'https://grafana%2eexample.com.evil.example/'],
    ]) {
      assert.equal(safe(address, 'evil.example'), undefined, address)
    }
    assert.equal(own.safe('http://localhost:8086/x', 'other:8086'), undefined)
  })

  test('are one parameter of the sign-in page', () => {
    assert.equal(signInAddress('/signin', undefined), '/signin')
    assert.equal(signInAddress('/signin', 'https://a/?b&c'), '/signin?return=https%3A%2F%2Fa%2F%3Fb%26c')
  })
})
