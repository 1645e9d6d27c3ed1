/** What one reads at a time stays short: functions and files of `src`. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { parseAst } from 'rolldown/parseAst'

const ROOT = join(import.meta.dirname, '../..')
const MOST_LINES = 100
const MOST_LINES_OF_A_FILE = 300

/** `register...` of a file of routes lists routes with their shapes and documents; what a handler does is a function. */
const ROUTES = 'src/http/api/routes/'
const MOST_LINES_OF_ROUTES = 170

/**
 * Closures of services, which hold the methods of one service and what these share; none of those functions is long.
 * Each may shrink and not grow, and no other one may be added.
 */
const CLOSURES: Readonly<Record<string, number>> = {
  'src/domain/audit/data-trail.ts: createDataTrail': 127,
  'src/domain/authorizations/authorizations.ts: createAuthorizations': 158,
  'src/domain/buckets/buckets.ts: createBuckets': 118,
  'src/domain/external-tokens/external-tokens.ts: createExternalTokens': 117,
  'src/domain/gateway/minted-tokens.ts: createMintedTokens': 116,
  'src/domain/legacy-authorizations/legacy-authorizations.ts: createLegacyAuthorizations': 169,
  'src/domain/memberships/memberships.ts: createMemberships': 141,
  'src/domain/organizations/organizations.ts: createOrganizations': 105,
  'src/domain/password-changes/password-changes.ts: createPasswords': 136,
  'src/domain/recovery/recovery.ts: createRecovery': 129,
  'src/domain/second-factors/second-factors.ts: createSecondFactors': 122,
  'src/domain/self-service/invitations.ts: createInvitations': 153,
  'src/domain/self-service/password-links.ts: createPasswordLinks': 135,
  'src/domain/self-service/user-emails.ts: createUserEmails': 104,
  'src/domain/sign-in/second-factor-sign-in.ts: createSecondFactorSignIn': 111,
  'src/domain/single-sign-on/linked-identities.ts: createLinkedIdentities': 103,
  'src/domain/single-sign-on/provider-sign-in.ts: createProviderSignIn': 125,
  'src/domain/single-sign-on/sign-in-outside.ts: createSignInOutside': 106,
  'src/domain/upstream/database-keeper.ts: createDatabaseKeeper': 140,
  'src/domain/users/users.ts: createUsers': 111,
  'src/http/gateway/relay.ts: relay': 113,
  'src/http/server/listener.ts: createListener': 138,
  'src/http/server/pipelines.ts: createPipelines': 129,
  'src/ldap/directory.ts: createLdapDirectory': 102,
  'src/ldap/servers.ts: createServers': 111,
  'src/oidc/provider.ts: createProvider': 121,
  'src/store/memory/session-store.ts: createMemorySessionStore': 103,
  'src/store/redis/link/connection.ts: connectRedis': 101,
  'src/store/redis/sessions/session-store.ts: createRedisSessionStore': 122,
  'src/store/sql/membership-store.ts: createMembershipStore': 105,
}

/** Files that are longer, with the reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/domain/audit/audit-kinds.ts': 'a table: each kind of event with its sentences',
  'src/http/gateway/gateway.ts': 'one request of the gateway, from its arrival to its answer',
  'src/http/api/routes/command-line.ts': 'a list of routes with their shapes',
  'src/cli/recovery.ts': 'a table of subcommands with their flags',
}

interface Found {
  readonly name: string
  readonly lines: number
}

/** All functions of a text with their lengths, those within others too. */
function functionsOf(text: string): Found[] {
  const found: Found[] = []
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const visit = (node: unknown, name: string): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, name)
    if (!isNode(node)) return
    const named = node.id?.name ?? node.key?.name ?? name
    if (/Function/.test(node.type) && node.body) {
      found.push({ name: named, lines: lineAt(node.end) - lineAt(node.start) + 1 })
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'id' && key !== 'key') visit(child, named)
  }
  visit(parseAst(text, { lang: 'ts' }).body, '')
  return found
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly id?: { readonly name?: string } | null
  readonly key?: { readonly name?: string } | null
  readonly body?: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => posix.join('src', file))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

test('no function is longer than 100 lines, except lists of routes and the named closures', () => {
  const long: string[] = []
  const missing = new Set(Object.keys(CLOSURES))
  for (const file of files) {
    for (const { name, lines } of functionsOf(textOf(file))) {
      const place = `${file}: ${name}`
      if (lines > MOST_LINES) missing.delete(place)
      const isRoutes = file.startsWith(ROUTES) && name.startsWith('register')
      const most = isRoutes ? MOST_LINES_OF_ROUTES : (CLOSURES[place] ?? MOST_LINES)
      if (lines > most) long.push(`${place} has ${lines} lines; at most ${most}`)
    }
  }
  assert.deepEqual(long, [], 'split it by concept')
  assert.deepEqual([...missing], [], 'no longer an exception')
})

test('no file is longer than 300 lines, except the named ones', () => {
  const long = files.filter((file) => textOf(file).split('\n').length - 1 > MOST_LINES_OF_A_FILE)
  assert.deepEqual(long.toSorted(), Object.keys(LONG_FILES).toSorted())
})

test('functions are found however they are written', () => {
  const text = [
    'export function one() {',
    '  return 1',
    '}',
    'const two = async () => {',
    '  return [() => 1]',
    '}',
    'class Three {',
    '  four(): void {',
    '  }',
    '}',
  ].join('\n')
  assert.deepEqual(
    functionsOf(text).map(({ name, lines }) => `${name} ${lines}`),
    ['one 3', 'two 3', 'two 1', 'four 2'],
  )
})
