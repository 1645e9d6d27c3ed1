import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { input } from '../../test/support/settings-input.ts'
import { loadSettings } from './load.ts'

function refusal(...argv: string[]): string {
  try {
    loadSettings(input({ argv }))
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

test('what is refused is shown without anything that moves the cursor', () => {
  for (const flag of [
    'public-url',
    'cors-allowed-origins',
    'session-cookie-name',
    'session-cookie-path',
    'redis-sentinels',
    'trusted-proxies',
  ]) {
    const sentence = refusal(`--${flag}=a\u007f\u009b[2Jb`)
    assert.match(sentence, /a\\u\{7f\}\\u\{9b\}\[2Jb/, flag)
  }
})

suite('a cookie that browsers would drop is refused at the start', () => {
  test('__Host- with a path other than /', () => {
    for (const name of ['__Host-x', '__host-x']) {
      const argv = [`--session-cookie-name=${name}`, '--session-cookie-secure=always']
      const begin = `session-cookie-name begins with ${name.slice(0, 7)} (flag --session-cookie-name); that needs`
      assert.equal(refusal(...argv), `${begin} session-cookie-path / and not "/api/"`)
      assert.equal(refusal(...argv, '--session-cookie-path=/'), '')
      const insecure = [`--session-cookie-name=${name}`, '--session-cookie-path=/']
      assert.equal(refusal(...insecure), `${begin} session-cookie-secure always, or TLS`)
    }
  })

  test('a prefix that asks for Secure, without it', () => {
    for (const prefix of ['__Secure-', '__secure-', '__Http-']) {
      const sentence = `session-cookie-name begins with ${prefix} (flag --session-cookie-name); that needs session-cookie-secure always, or TLS`
      assert.equal(refusal(`--session-cookie-name=${prefix}x`), sentence)
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--session-cookie-secure=never'), sentence)
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--session-cookie-secure=always'), '')
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--tls-cert=c.pem', '--tls-key=k.pem'), '')
      assert.equal(refusal(`--session-cookie-name=${prefix}x`, '--public-url=https://id.example.com'), '')
      assert.equal(
        refusal(`--session-cookie-name=${prefix}x`, '--public-url=http://id.example.com'),
        sentence,
      )
    }
  })

  test('for every site, without Secure', () => {
    assert.match(refusal('--session-cookie-same-site=none'), /^session-cookie-same-site is none .* or TLS$/)
    assert.equal(refusal('--session-cookie-same-site=none', '--session-cookie-secure=always'), '')
  })
})

suite('session-length and session-max-length', () => {
  const loaded = (...argv: string[]) => {
    const { settings, sources } = loadSettings(input({ argv }))
    const { sessionLength, sessionMaxLength } = settings
    return [sessionLength, sessionMaxLength, sources.sessionLength, sources.sessionMaxLength]
  }
  const [HOUR, DAY] = [3_600_000, 86_400_000]

  test('the one that is not set follows the other', () => {
    const length = 'flag --session-length'
    assert.deepEqual(loaded('--session-length=1440'), [DAY, DAY, length, 'follows session-length'])
    assert.deepEqual(loaded('--session-length=12h'), [12 * HOUR, 12 * HOUR, length, 'default'])
    assert.deepEqual(loaded('--session-length=1h'), [HOUR, 12 * HOUR, length, 'default'])
    const max = 'flag --session-max-length'
    assert.deepEqual(loaded('--session-max-length=5m'), [300_000, 300_000, 'follows session-max-length', max])
    assert.deepEqual(loaded('--session-max-length=2d'), [600_000, 2 * DAY, 'default', max])
  })

  test('that contradict each other are refused, both with where they were set', () => {
    assert.equal(
      refusal('--session-length=1440', '--session-max-length=12h'),
      'session-length is 1d (flag --session-length) but session-max-length is 12h (flag --session-max-length); ' +
        'the first must not be longer, or leave one of them out',
    )
    assert.equal(refusal('--session-length=1d', '--session-max-length=24h'), '')
  })
})

suite('an upstream', () => {
  const token = '--upstream-token=t'

  test('has a URL of scheme, host and port alone', () => {
    for (const url of ['influxdb:8086', 'ftp://a', 'http://a/path', 'http://a/?x']) {
      const sentence = refusal(`--upstream-url=${url}`, token)
      assert.match(
        sentence,
        /^upstream-url is .* \(flag --upstream-url\); it must be a URL without a path/,
        url,
      )
    }
    const withPassword = refusal('--upstream-url=http://user:secret@a', token)
    assert.match(withPassword, /^upstream-url \(flag --upstream-url\) has a name or password in it/)
    assert.doesNotMatch(withPassword, /secret/)
    for (const url of ['http://127.0.0.1:8087', 'https://influxdb.example.com/', 'http://[::1]:8087']) {
      assert.equal(refusal(`--upstream-url=${url}`, token), '', url)
    }
  })

  test('has a client certificate with its key', () => {
    const argv = ['--upstream-url=https://a', token]
    assert.match(
      refusal(...argv, '--upstream-client-cert-file=c.pem'),
      /^upstream-client-key-file is not set/,
    )
    assert.equal(
      refusal(...argv, '--upstream-client-cert-file=c.pem', '--upstream-client-key-file=k.pem'),
      '',
    )
  })

  test('is there where its UI is served', () => {
    assert.equal(
      refusal('--ui=influxdb'),
      'ui is influxdb (flag --ui) but no upstream is set; set upstream-url to the InfluxDB whose UI it is, or leave ui out',
    )
    assert.equal(refusal('--ui=influxdb', '--upstream-url=http://127.0.0.1:8087', token), '')
    assert.equal(refusal('--ui=console'), '')
  })
})

test('upstreams have names that tell them apart', () => {
  const refusalOf = (...tables: readonly string[]) => {
    const each = tables.map((lines, at) => `[[upstream]]\nurl = "http://a"\norg = "${at}"\n${lines}\n`)
    try {
      loadSettings(input({ files: { 'sluice.toml': each.join('') } }))
    } catch (error) {
      return (error as Error).message
    }
    return ''
  }
  const influxdb1 = 'kind = "influxdb1"'
  assert.equal(refusalOf(influxdb1, influxdb1), '', 'nobody can ask for either of them')
  assert.equal(refusalOf(`${influxdb1}\nname = "a"`, `${influxdb1}\nname = "b"`), '')
  assert.match(
    refusalOf(`${influxdb1}\nname = "a"`, `${influxdb1}\nname = "a"`),
    /^two upstreams have the name "a"/,
  )
  assert.match(
    refusalOf(influxdb1, 'kind = "victoriametrics"\nname = "influxdb1"'),
    /^an upstream has the name "influxdb1", which stands for/,
  )
})

suite('a base path', () => {
  const path = (...argv: string[]) => loadSettings(input({ argv })).settings.sessionCookiePath

  test('moves the cookie, unless the path of that is set', () => {
    assert.equal(path('--base-path=/sluice'), '/sluice/api/')
    assert.equal(path('--base-path=/a/sluice/'), '/a/sluice/api/')
    assert.equal(path('--public-url=https://example.com/sluice/'), '/sluice/api/')
    assert.equal(path('--base-path=/sluice', '--session-cookie-path=/'), '/')
    assert.equal(path('--public-url=https://example.com/'), '/api/')
  })

  test('is refused if it is none, or could be read as a path of the server', () => {
    for (const given of [
      'sluice',
      '//a',
      '/a//b',
      '/a/../b',
      '/.',
      '/a b',
      '/%61',
      '/a?b',
      '/api',
      '/api/x',
      '/console',
      '/people',
    ]) {
      assert.match(refusal(`--base-path=${given}`), /^base-path \(flag --base-path\)/, given)
    }
    assert.match(
      refusal('--public-url=https://example.com/docs'),
      /^the path of public-url \(flag --public-url\)/,
    )
    assert.match(refusal('--base-path=/a', '--public-url=https://example.com/b'), /leave base-path out$/)
    assert.equal(refusal('--base-path=/a', '--public-url=https://example.com/a/'), '')
    const ui = ['--ui=influxdb', '--upstream-url=http://127.0.0.1:8087', '--upstream-token=t']
    assert.match(refusal(...ui, '--base-path=/a'), /^ui is influxdb \(flag --ui\), which works at the root/)
  })
})

test('hosts to return to are hosts', () => {
  for (const host of ['grafana.example.com', 'localhost:3000', '*.example.com', '[::1]:3000']) {
    assert.equal(refusal(`--allowed-return-hosts=${host}`), '', host)
  }
  for (const host of [
    '*',
    '*.com',
    '*.',
    'https://a.example.com',
    'a.example.com/x',
    'a@b',
    '.example.com',
    'a.*.com',
  ]) {
    assert.match(refusal(`--allowed-return-hosts=${host}`), /^allowed-return-hosts has /, host)
  }
})

suite('the domain of the cookie', () => {
  test('is one that browsers accept, and holds the public URL', () => {
    const url = '--public-url=https://id.example.com'
    assert.equal(refusal('--session-cookie-domain=example.com', url), '')
    assert.equal(refusal('--session-cookie-domain=id.example.com', url), '')
    for (const domain of [
      'com',
      'localhost',
      '.example.com',
      'example.com:8086',
      '10.0.0.1',
      'a b',
      'x;y.com',
    ]) {
      assert.match(refusal(`--session-cookie-domain=${domain}`), /^session-cookie-domain is /, domain)
    }
    for (const domain of ['example.org', 'ample.com', 'a.id.example.com']) {
      assert.match(refusal(`--session-cookie-domain=${domain}`, url), /not below it$/, domain)
    }
    const host = [
      '--session-cookie-name=__Host-x',
      '--session-cookie-path=/',
      '--session-cookie-secure=always',
    ]
    assert.match(refusal(...host, '--session-cookie-domain=example.com'), /^session-cookie-domain is /)
  })
})

suite('the settings of mail', () => {
  const url = '--smtp-url=smtps://sluice:a-secret@mail.example.com'
  const from = '--smtp-from=sluice@example.com'
  test('need a sender, and an address for the links', () => {
    assert.match(refusal(url), /^smtp-url is set .* but smtp-from is not/)
    assert.match(refusal(url, from), /^smtp-url is set .* but public-url is not/)
    assert.equal(refusal(url, from, '--public-url=https://id.example.com'), '')
  })

  test('are refused without showing a password', () => {
    for (const wrong of ['https://sluice:a-secret@mail.example.com', 'smtp://', 'a-secret']) {
      assert.match(refusal(`--smtp-url=${wrong}`), /must be a URL such as smtps:/)
      assert.doesNotMatch(refusal(`--smtp-url=${wrong}`), /a-secret/)
    }
    assert.match(refusal('--smtp-from=Sluice <sluice@example.com>'), /must be an address/)
  })
})

suite('the domain of passkeys', () => {
  const url = '--public-url=https://id.corp.example.com'

  test('is the host of public-url, or a domain above it', () => {
    for (const domain of ['id.corp.example.com', 'corp.example.com', 'example.com']) {
      assert.equal(refusal(url, `--webauthn-rp-id=${domain}`), '', domain)
    }
    assert.equal(refusal('--public-url=http://localhost:8086', '--webauthn-rp-id=localhost'), '')
  })

  test('is refused otherwise', () => {
    const others = [
      'com',
      '.com',
      'ample.com',
      'x.id.corp.example.com',
      'other.com',
      'Example.com',
      'https://example.com',
    ]
    for (const domain of others) {
      assert.match(
        refusal(url, `--webauthn-rp-id=${domain}`),
        /^webauthn-rp-id is .* \(flag --webauthn-rp-id\); it must be id\.corp\.example\.com, /,
        domain,
      )
    }
    assert.equal(
      refusal('--webauthn-rp-id=example.com'),
      'webauthn-rp-id is set (flag --webauthn-rp-id) but public-url is not',
    )
  })
})
