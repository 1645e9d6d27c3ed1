import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FluxRefusalReason } from './findings.ts'
import { type FluxResource, inspectResource } from './resource-body.ts'

const ID = '265d57e7d52143bf'
const BY_ID = `from(bucketID: "${ID}") |> range(start: -1h)`
const BY_NAME = 'from(bucket: "b1") |> range(start: -1h) |> filter(fn: (r) => r._field == "v")'
const TASK = 'option task = {name: "t", every: 1h}\n'

const inspect = (type: FluxResource, body: unknown) =>
  inspectResource(type, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

/** An expression that runs where InfluxDB prints the string; it can have no quotes. */
const HIDDEN = `\${string(v: from(bucketID: r.id))}`

suite('literal ids are reported', () => {
  const bodies: readonly (readonly [FluxResource, unknown])[] = [
    ['tasks', { flux: TASK + BY_ID }],
    ['tasks', { FLUX: TASK + BY_ID, orgID: 'x' }],
    ['checks', { type: 'custom', query: { text: BY_ID } }],
    ['checks', { Query: { Text: BY_ID } }],
    ['templates', template({ kind: 'Task', spec: { query: BY_ID } })],
    ['templates', template({ Kind: 'Task', Spec: { query: BY_ID } })],
    ['templates', template({ kind: 'CheckThreshold', spec: { query: BY_ID } })],
    ['templates', template({ kind: 'CheckDeadman', spec: { query: BY_ID } })],
    [
      'templates',
      { template: { contentType: 'json', contents: [{ kind: 'Task', spec: { query: BY_ID } }] } },
    ],
  ]
  for (const [type, body] of bodies) {
    test(`${type}: ${JSON.stringify(body)}`, () => {
      assert.deepEqual(inspect(type, body), {
        bucketIDs: [{ id: ID, access: 'read' }],
        opens: [],
        imports: [],
      })
    })
  }
})

suite('refused', () => {
  const check = (rest: object) => ({ type: 'threshold', name: 'c', query: { text: BY_NAME }, ...rest })
  const rule = (rest: object) => ({ type: 'http', name: 'r', tagRules: [], ...rest })
  const bodies: readonly (readonly [FluxResource, FluxRefusalReason, string, unknown])[] = [
    ['tasks', 'malformed-body', 'a key twice', '{"flux":"1","Flux":"2"}'],
    ['tasks', 'computed-bucket', 'the text', { flux: 'from(bucketID: x)' }],
    ['tasks', 'syntax', 'the text', { flux: 'from(bucketID: ' }],
    ['tasks', 'computed-bucket', 'the name, which is written into the text', { name: HIDDEN }],
    ['checks', 'computed-bucket', 'the query', check({ query: { text: 'from(bucketID: x)' } })],
    ['checks', 'computed-bucket', 'the message', check({ statusMessageTemplate: `is ${HIDDEN}` })],
    ['checks', 'computed-bucket', 'the name', { type: 'threshold', NAME: HIDDEN }],
    ['checks', 'computed-bucket', 'the value of a tag', check({ tags: [{ key: 'a', value: HIDDEN }] })],
    [
      'checks',
      'not-inspectable',
      'the key of a tag',
      check({ tags: [{ key: 'a: 1}\nx = {b', value: '1' }] }),
    ],
    [
      'checks',
      'computed-bucket',
      'a string of the query, printed again without its backslash',
      check({ query: { text: BY_NAME.replace('"v"', `"v\\${HIDDEN}"`) } }),
    ],
    [
      'checks',
      'syntax',
      'a quote in an expression',
      check({ statusMessageTemplate: `\${from(bucketID: "x")}` }),
    ],
    ['notificationRules', 'computed-bucket', 'the message', rule({ messageTemplate: HIDDEN })],
    ['notificationRules', 'computed-bucket', 'the channel', rule({ channel: HIDDEN })],
    ['notificationRules', 'computed-bucket', 'a tag', rule({ tagRules: [{ key: HIDDEN, value: 'x' }] })],
    ['notificationEndpoints', 'computed-bucket', 'the URL', { type: 'http', url: `http://h/${HIDDEN}` }],
    ['notificationEndpoints', 'computed-bucket', 'the key of a secret', { token: `secret: ${HIDDEN}` }],
    ['templates', 'not-inspectable', 'remotes', { remotes: [{ url: 'http://h/t.json' }] }],
    ['templates', 'not-inspectable', 'remotes in another case', { Remotes: [{ URL: 'http://h/t.json' }] }],
    ['templates', 'not-inspectable', 'a stack', { stackID: ID }],
    ['templates', 'not-inspectable', 'YAML', { template: { contentType: 'yaml', contents: [] } }],
    ['templates', 'not-inspectable', 'Jsonnet', { template: { contentType: 'jsonnet', contents: [] } }],
    ['templates', 'not-inspectable', 'by its source', { template: { sources: ['t.yml'], contents: [] } }],
    ['templates', 'not-inspectable', 'a string', { template: { contents: 'kind: Task' } }],
    ['templates', 'not-inspectable', 'an unknown kind', template({ kind: 'Stack', spec: {} })],
    ['templates', 'not-inspectable', 'no kind', template({ spec: { query: BY_ID } })],
    [
      'templates',
      'computed-bucket',
      'a task',
      template({ kind: 'Task', spec: { query: 'from(bucketID: x)' } }),
    ],
    [
      'templates',
      'computed-bucket',
      'a name',
      template({ kind: 'Task', metadata: { name: HIDDEN }, spec: {} }),
    ],
    [
      'templates',
      'computed-bucket',
      'a default',
      template({ kind: 'Task', spec: { params: [{ default: HIDDEN }] } }),
    ],
    [
      'templates',
      'not-inspectable',
      'a parameter',
      template({ kind: 'Task', spec: { params: [{ key: 'a: x' }] } }),
    ],
    [
      'templates',
      'not-inspectable',
      'a tag',
      template({ kind: 'CheckDeadman', spec: { tags: [{ key: 'a b' }] } }),
    ],
    ['templates', 'computed-bucket', 'what replaces a name', { envRefs: { name: { a: [HIDDEN] } } }],
    ...[
      `x = 1 // import "a" from(bucketID: x)\n${BY_NAME}`,
      `import "date" x = 1\n${BY_NAME}`,
      `x = "\nimport "\n${BY_NAME}`,
      `// import\n${BY_NAME}`,
      `import "date"\r x = "b"\n${BY_NAME}`,
      `${String.raw`import "d\x61te"`}\n${BY_NAME}`,
    ].map(
      (query) =>
        [
          'templates',
          'not-inspectable',
          JSON.stringify(query),
          template({ kind: 'Task', spec: { query } }),
        ] as const,
    ),
  ]
  for (const [type, reason, name, body] of bodies) {
    test(`${type}, ${reason}: ${name}`, () => assert.equal(inspect(type, body).refusal?.reason, reason))
  }
})

suite('harmless bodies pass', () => {
  const bodies: readonly (readonly [FluxResource, object])[] = [
    ['tasks', { flux: `import "date"\n${TASK}${BY_NAME}`, description: '${', status: 'active' }],
    ['tasks', { status: 'inactive' }],
    [
      'checks',
      {
        type: 'threshold',
        name: 'c',
        query: { text: BY_NAME, builderConfig: { tags: [{ key: 'a b', values: ['${'] }] } },
        statusMessageTemplate: `Check: \${r._check_name} on \${r.host} is: \${r._level}`,
        tags: [{ key: 'größe_1', value: 'a "b" \\ $c' }],
      },
    ],
    [
      'notificationRules',
      {
        type: 'slack',
        messageTemplate: `Rule: \${ r._notification_rule_name } by \${r.host} $`,
        tagRules: [{ key: 'a b', value: '"c"', operator: 'equal' }],
      },
    ],
    ['notificationEndpoints', { type: 'http', url: 'https://h/?a=$b', headers: { 'x-y': 'z' } }],
    [
      'templates',
      {
        orgID: ID,
        dryRun: true,
        stackID: null,
        remotes: [],
        envRefs: { a: 'b', c: 1 },
        templates: [
          {
            contentType: 'JSON',
            sources: ['t.yml'],
            contents: [
              { kind: 'Bucket', metadata: { name: 'b' } },
              { kind: 'Dashboard', spec: { charts: [{ queries: [{ query: 'from(bucketID: x)' }] }] } },
              { kind: 'Variable', spec: { query: 'from(bucketID: x)' } },
              { kind: 'Task', spec: { query: `import "date"\nimport a "array"\r\n${TASK}${BY_NAME}` } },
            ],
          },
        ],
        template: {},
      },
    ],
  ]
  for (const [type, body] of bodies) {
    test(`${type}: ${JSON.stringify(body).slice(0, 80)}`, () => {
      const { bucketIDs, opens, refusal } = inspect(type, body)
      assert.deepEqual({ bucketIDs, opens, refusal }, { bucketIDs: [], opens: [], refusal: undefined })
    })
  }
})

function template(object: object) {
  return { templates: [{ contents: [object] }] }
}
