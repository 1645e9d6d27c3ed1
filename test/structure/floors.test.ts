/** Folders form floors: each imports only from below, type imports included, and there are no circles. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { areasWithin, circlesOf, dependenciesIn, entriesOf, isFolder } from './imports.ts'

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
  'src/store': [
    ['session-details.ts'],
    ['sql', 'memory', 'redis'],
    ['sqlite', 'postgres'],
    ['move', 'open.ts'],
  ],
  'src/upstream': [['exchange'], ['influxdb2', 'influxdb1', 'influxdb3', 'victoriametrics']],
  'console/src': [
    ['texts', 'style', 'base.ts'],
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

for (const area of ['src', 'console/src'].flatMap(areasWithin)) {
  test(`no folder directly in ${area} is part of a circle`, () => {
    assert.deepEqual(
      circlesOf(dependenciesIn(area)).filter((circle) => circle.some(isFolder)),
      [],
    )
  })
}

test('at most three imports go against the order', () => {
  assert.ok(ALLOWED.length <= 3)
  assert.ok(ALLOWED.every(({ reason }) => reason.length > 20))
})
