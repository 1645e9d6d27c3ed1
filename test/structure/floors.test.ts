/** Folders form floors: each imports only from below, type imports included, and there are no circles. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { circlesOf, dependenciesIn, entriesOf, foldersIn, pathsOf } from './imports.ts'

/** Lowest first. Entries of one floor may import each other, but not in a circle. */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'src/domain': [
    ['base'],
    ['records'],
    ['access'],
    ['audit', 'guessing', 'passwords', 'cluster', 'flux', 'influxql', 'traffic'],
    ['changes.ts', 'writes-beside-changes.ts'],
    ['mirror'],
    ['users', 'organizations', 'memberships', 'buckets', 'authorizations', 'password-changes'],
    ['sessions', 'second-factors', 'throttled', 'legacy-authorizations', 'tasks'],
    [
      'sign-in',
      'single-sign-on',
      'external-tokens',
      'setup',
      'overview',
      'recovery',
      'import',
      'gateway',
      'upstream',
      'self-service',
      'command-line',
    ],
  ],
  'src/http': [
    ['request'],
    ['server', 'protection'],
    ['pages', 'gateway'],
    ['forward-auth'],
    ['api', 'upstream-ui'],
  ],
  'src/store': [['shared'], ['sql', 'memory', 'redis'], ['sqlite', 'postgres'], ['move', 'open.ts']],
  'src/upstream': [['exchange'], ['influxdb2', 'influxdb1', 'influxdb3', 'victoriametrics']],
  'console/src': [
    ['texts', 'style'],
    ['api'],
    ['ui'],
    ['session'],
    ['pages'],
    ['router.tsx'],
    ['main.tsx'],
    ['entry.ts'],
  ],
}

/** Imports against the order, each with its reason. */
const ALLOWED: readonly { readonly file: string; readonly imported: string; readonly reason: string }[] = []

for (const [area, floors] of Object.entries(FLOORS)) {
  describe(area, () => {
    const floorOf = new Map(floors.flatMap((entries, floor) => entries.map((entry) => [entry, floor])))

    test('every entry has a floor', () => {
      assert.deepEqual(
        entriesOf(area).filter((entry) => !floorOf.has(entry)),
        [],
      )
    })

    test('no folders form a circle', () => {
      assert.deepEqual(circlesOf(dependenciesIn(area)), [])
    })

    test('nothing is imported from a floor above', () => {
      const upward = dependenciesIn(area)
        .filter(({ from, to }) => (floorOf.get(to) ?? 0) > (floorOf.get(from) ?? 0))
        .filter(
          ({ file, imported }) => !ALLOWED.some((each) => each.file === file && each.imported === imported),
        )
        .map(({ file, imported }) => `${file} imports ${imported}`)
      assert.deepEqual(upward, [])
    })
  })
}

/** At every depth: the files directly in a folder are one node, and each folder below it another. */
const DEEP = ['src', 'console/src']

for (const area of DEEP) {
  test(`no folders at any depth of ${area} form a circle`, () => {
    const found = foldersIn(area)
    const circles = circlesOf(found).map((circle) => pathsOf(circle, found))
    assert.deepEqual(circles, [])
  })
}

test('folders at every depth are seen, and files directly in a folder count as its own', () => {
  const pairs = new Set(foldersIn('src').map(({ from, to }) => `${from} -> ${to}`))
  for (const pair of [
    'src -> src/cli',
    'src/http/api -> src/http/api/routes',
    'src/http/api/routes -> src/http/api/frame',
    'src/http/gateway/judges -> src/http/gateway',
    'src/store/redis/sessions -> src/store/redis/link',
  ]) {
    assert.ok(pairs.has(pair), pair)
  }
})

test('a circle between a folder and the one around it is found', () => {
  const dependency = (from: string, to: string) => ({
    from,
    to,
    file: `${from}/a.ts`,
    imported: `${to}/b.ts`,
  })
  const found = [
    dependency('a', 'a/b'),
    dependency('a/b', 'a/b/c'),
    dependency('a/b/c', 'a'),
    dependency('d', 'a'),
  ]
  const circles = circlesOf(found)
  assert.deepEqual(circles, [['a', 'a/b', 'a/b/c']])
  assert.deepEqual(
    circles.map((circle) => pathsOf(circle, found)),
    [['a/a.ts imports a/b/b.ts', 'a/b/a.ts imports a/b/c/b.ts', 'a/b/c/a.ts imports a/b.ts']],
  )
})

test('at most three imports go against the order', () => {
  assert.ok(ALLOWED.length <= 3)
  assert.ok(ALLOWED.every(({ reason }) => reason.length > 20))
})
