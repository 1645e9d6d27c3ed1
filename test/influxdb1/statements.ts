/** Generates InfluxQL, ordinary and hostile, that names the databases a, b and c in every way that was found. */
import fc from 'fast-check'

const DATABASES = ['a', 'b', 'c'] as const

/** Blanks and comments, which may stand between most tokens. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.constant(' ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\n', '\t', '\r\n', ' /* b..m */ ', ' -- FROM b..m\n', '  ', '/**/ '),
  },
)
const name = (text: string) => fc.constantFrom(text, text, `"${text}"`)
const database = fc.constantFrom(...DATABASES).chain(name)
const policy = fc.constantFrom('', 'autogen', 'second').chain((text) => (text ? name(text) : fc.constant('')))
const measurement = fc
  .constantFrom('m', 'm', 'only_a', 'only_b', '/.*/', '/m|only/', '/a\\/b..m|./')
  .chain((text) => (text.startsWith('/') ? fc.constant(text) : name(text)))
const source = fc.oneof(
  measurement,
  fc.tuple(policy, measurement).map(([rp, m]) => (rp ? `${rp}.${m}` : m)),
  fc.tuple(database, policy, measurement).map(([db, rp, m]) => `${db}.${rp}.${m}`),
  fc.tuple(database, policy, measurement).map(([db, rp, m]) => `${db}. ${rp || '"autogen"'}. ${m}`),
)
const sources = fc.array(source, { minLength: 1, maxLength: 3 }).map((all) => all.join(', '))
const on = fc.oneof(
  fc.constant(''),
  database.map((db) => `ON ${db} `),
)
const from = fc.oneof(
  fc.constant(''),
  sources.map((all) => `FROM ${all} `),
)
const fields = fc.constantFrom(
  ...[
    '*',
    'v',
    'count(v)',
    'mean(v) AS "b..m"',
    'v, mark',
    '/v|mark/',
    '-v + 2 * (v)',
    'v / 2 , v',
    'top(v, 1)',
  ],
  ...["v, 'FROM b..m'", 'last(v)', 'v::float', '*::tag, v', 'DISTINCT v', 'distinct(v)', '"v"'],
)
const condition = fc.constantFrom(
  ...[
    '',
    '',
    "WHERE mark = 'x\\' FROM b..m'",
    'WHERE time > 0',
    'WHERE mark =~ /FROM b..m/',
    'WHERE v > -1 AND v < 9',
  ],
  ...['WHERE time > now() - 1000d', 'WHERE (v = 1 OR mark !~ /q/)', 'WHERE "mark" <> \'\''],
)
const rest = fc.constantFrom(
  ...[
    '',
    '',
    'GROUP BY mark',
    'GROUP BY *',
    'GROUP BY /ma/',
    'LIMIT 3',
    'ORDER BY time DESC',
    'SLIMIT 1 SOFFSET 0',
  ],
  ...['GROUP BY time(1000d) fill(none)', "tz('Europe/Paris')"],
)
const select: fc.Arbitrary<string> = fc
  .tuple(fields, sources, condition, rest)
  .map(([all, where, when, more]) => `SELECT ${all} FROM ${where} ${when} ${more}`)
const nested = fc
  .tuple(fc.array(fields, { minLength: 1, maxLength: 3 }), select, fc.option(source))
  .map(([outer, inner, beside]) =>
    outer.reduce((text, all) => `SELECT ${all} FROM (${text})${beside ? `, ${beside}` : ''}`, inner),
  )
const target = fc.oneof(
  fc.tuple(database, policy).map(([db, rp]) => `${db}.${rp}.written`),
  fc.tuple(database, policy).map(([db, rp]) => `${db}.${rp}.:MEASUREMENT`),
  policy.map((rp) => (rp ? `${rp}.written` : 'written')),
)
const into = fc
  .tuple(fields, target, sources, condition)
  .map(([all, to, where, when]) => `SELECT ${all} INTO ${to} FROM ${where} ${when}`)
const key = fc.constantFrom('WITH KEY = mark', 'WITH KEY IN (mark, "b")', 'WITH KEY =~ /./', 'WITH KEY != x')
const exact = fc.constantFrom('', 'EXACT ')
const show = fc.oneof(
  fc.tuple(on, from, condition).map((parts) => `SHOW SERIES ${parts.join('')}`),
  fc.tuple(on, from, condition).map((parts) => `SHOW TAG KEYS ${parts.join('')}`),
  fc.tuple(on, from).map((parts) => `SHOW FIELD KEYS ${parts.join('')}`),
  fc.tuple(on, from, key).map((parts) => `SHOW TAG VALUES ${parts.join('')}`),
  fc
    .tuple(on, fc.constantFrom('', 'WITH MEASUREMENT =~ /./', 'WITH MEASUREMENT = b..m'))
    .map((parts) => `SHOW MEASUREMENTS ${parts.join('')}`),
  on.map((text) => `SHOW RETENTION POLICIES ${text}`),
  fc
    .tuple(fc.constantFrom('SERIES', 'MEASUREMENT', 'TAG KEY', 'FIELD KEY'), exact, on, from)
    .map(([what, is, where, which]) => `SHOW ${what} ${is}CARDINALITY ${where}${which}`),
  fc
    .tuple(exact, on, from, key)
    .map(([is, ...parts]) => `SHOW TAG VALUES ${is}CARDINALITY ${parts.join('')}`),
)
const removal = fc.oneof(
  fc.tuple(measurement, condition).map(([m, when]) => `DELETE FROM ${m} ${when}`),
  fc.tuple(measurement, condition).map(([m, when]) => `DROP SERIES FROM ${m} ${when}`),
  fc.constantFrom("DELETE WHERE mark = 'x'", "DROP SERIES WHERE mark = 'x'"),
)
const management = fc.oneof(
  database.map((db) => `CREATE RETENTION POLICY p1 ON ${db} DURATION 1d REPLICATION 1`),
  database.map((db) => `ALTER RETENTION POLICY second ON ${db} DURATION 2000w`),
  database.map((db) => `DROP RETENTION POLICY p1 ON ${db}`),
  fc
    .tuple(database, target, source)
    .map(
      ([db, to, where]) => `CREATE CONTINUOUS QUERY q ON ${db} BEGIN SELECT v INTO ${to} FROM ${where} END`,
    ),
  database.map((db) => `DROP CONTINUOUS QUERY q ON ${db}`),
  fc.constant('DROP MEASUREMENT written'),
)
const one = fc.oneof(
  { weight: 6, arbitrary: select },
  { weight: 3, arbitrary: nested },
  { weight: 6, arbitrary: show },
  { weight: 3, arbitrary: into },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('EXPLAIN ', 'EXPLAIN ANALYZE '), select).map((two) => two.join('')),
  },
  { weight: 1, arbitrary: removal },
  { weight: 1, arbitrary: management },
)
const several = fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join('; '))

/** Replaces blanks by other blanks and comments. */
const spaced = fc.tuple(several, fc.array(gap, { minLength: 1, maxLength: 8 })).map(([text, gaps]) => {
  let at = 0
  return text.replaceAll(' ', () => gaps[at++ % gaps.length] ?? ' ')
})

/** Pieces that change how the rest is read, put anywhere. */
const trap = fc.constantFrom(
  ...[
    '"',
    "'",
    '/',
    '\\',
    '\\\\',
    '--',
    '/*',
    '*/',
    ';',
    '.',
    '..',
    ',',
    '$x',
    ':',
    '::',
    '(',
    ')',
    '\n',
    '\r',
    ' ',
  ],
  ...[
    'x"',
    'b..m',
    ', b..m',
    ' FROM b..m ',
    ' ON b ',
    "\\'",
    '\\"',
    '\\/',
    '\\\\/',
    '//',
    '1.',
    '`',
    '#',
    'µ',
    '\u0000',
  ],
  ...['INTO b..x ', ' AS ', 'é', '\u00a0', '\ufeff', '=~', '!~ ', ' :MEASUREMENT', '"a"."b"', '/.*/'],
)
const trapped = fc
  .tuple(spaced, fc.array(fc.tuple(fc.nat(), fc.nat(2), trap), { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce((before, [place, drops, piece]) => {
      const at = place % (before.length + 1)
      return before.slice(0, at) + piece + before.slice(at + drops)
    }, text),
  )

export const influxql = fc.oneof({ weight: 2, arbitrary: spaced }, { weight: 3, arbitrary: trapped })
export const ordinary = several
export const defaultDatabase = fc.constantFrom('', 'a', 'a', 'b', 'c')
