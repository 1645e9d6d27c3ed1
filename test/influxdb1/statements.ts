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
  fc.tuple(sources, condition).map(([all, when]) => `DELETE FROM ${all} ${when}`),
  fc.tuple(sources, condition).map(([all, when]) => `DROP SERIES FROM ${all} ${when}`),
  fc.tuple(measurement, condition).map(([m, when]) => `DELETE FROM ${m} ${when}`),
  fc.tuple(measurement, condition).map(([m, when]) => `DROP SERIES FROM ${m} ${when}`),
  fc.constantFrom("DELETE WHERE mark = 'x'", "DROP SERIES WHERE mark = 'x'", 'DELETE WHERE time > 0'),
  source.map((m) => `DROP MEASUREMENT ${m}`),
  fc.constantFrom('DROP MEASUREMENT written', 'DROP MEASUREMENT m', 'DROP MEASUREMENT "only_a"'),
)
/** Names of the three, and of one that does not exist at first. */
const anyDatabase = fc.constantFrom(...DATABASES, 'd').chain(name)
const anyPolicy = fc.constantFrom('autogen', 'second', 'p1', 'default').chain(name)
const duration = fc.constantFrom('1d', '2000w', '90m', '1s', 'INF', '0s')
/** Each part or nothing, in this order. */
const maybe = (...parts: readonly fc.Arbitrary<string>[]) =>
  fc
    .tuple(...parts.map((part) => fc.option(part, { nil: '' })))
    .map((found) => found.filter(Boolean).join(' '))
const ofDatabase = maybe(
  duration.map((text) => `DURATION ${text}`),
  fc.constantFrom('REPLICATION 1', 'REPLICATION 0', 'REPLICATION 2'),
  duration.map((text) => `SHARD DURATION ${text}`),
  anyPolicy.map((rp) => `NAME ${rp}`),
)
const databases = fc.oneof(
  anyDatabase.map((db) => `CREATE DATABASE ${db}`),
  fc.tuple(anyDatabase, ofDatabase).map(([db, what]) => `CREATE DATABASE ${db} WITH ${what}`),
  anyDatabase.map((db) => `DROP DATABASE ${db}`),
)
const policies = fc.oneof(
  fc
    .tuple(
      ...[anyPolicy, anyDatabase, duration],
      maybe(
        duration.map((text) => `SHARD DURATION ${text}`),
        fc.constant('DEFAULT'),
      ),
    )
    .map(
      ([rp, db, keeps, more]) =>
        `CREATE RETENTION POLICY ${rp} ON ${db} DURATION ${keeps} REPLICATION 1 ${more}`,
    ),
  fc
    .tuple(
      ...[anyPolicy, anyDatabase],
      maybe(
        fc.constant('DEFAULT'),
        fc.constant('REPLICATION 1'),
        duration.map((text) => `SHARD DURATION ${text}`),
        duration.map((text) => `DURATION ${text}`),
      ),
    )
    .map(([rp, db, more]) => `ALTER RETENTION POLICY ${rp} ON ${db} ${more}`),
  fc.tuple(anyPolicy, anyDatabase).map(([rp, db]) => `DROP RETENTION POLICY ${rp} ON ${db}`),
)
const resample = fc.constantFrom('', 'RESAMPLE EVERY 1h', 'RESAMPLE FOR 2h', 'RESAMPLE EVERY 1h FOR 2h')
const continuous = fc.oneof(
  fc
    .tuple(database, resample, target, source)
    .map(
      ([db, when, to, where]) =>
        `CREATE CONTINUOUS QUERY q ON ${db} ${when} BEGIN SELECT v INTO ${to} FROM ${where} END`,
    ),
  fc
    .tuple(database, resample, target, source)
    .map(
      ([db, when, to, where]) =>
        `CREATE CONTINUOUS QUERY q ON ${db} ${when} BEGIN SELECT count(v) INTO ${to} FROM ${where} GROUP BY time(30m) END`,
    ),
  database.map((db) => `DROP CONTINUOUS QUERY q ON ${db}`),
)
const user = fc.constantFrom('carol', 'dave', 'a', 'ON').chain(name)
const right = fc.constantFrom('READ', 'WRITE', 'ALL', 'ALL PRIVILEGES')
const users = fc.oneof(
  fc
    .tuple(user, fc.constantFrom('', 'WITH ALL PRIVILEGES'))
    .map(([who, all]) => `CREATE USER ${who} WITH PASSWORD 'DROP DATABASE b' ${all}`),
  user.map((who) => `DROP USER ${who}`),
  user.map((who) => `SET PASSWORD FOR ${who} = 'FROM b..m'`),
  fc.tuple(right, anyDatabase, user).map(([what, db, who]) => `GRANT ${what} ON ${db} TO ${who}`),
  fc.tuple(right, anyDatabase, user).map(([what, db, who]) => `REVOKE ${what} ON ${db} FROM ${who}`),
  user.map((who) => `GRANT ALL PRIVILEGES TO ${who}`),
  user.map((who) => `REVOKE ALL PRIVILEGES FROM ${who}`),
  user.map((who) => `SHOW GRANTS FOR ${who}`),
  fc.constant('SHOW USERS'),
)
const ofServer = fc.oneof(
  fc.constantFrom(
    ...['SHOW CONTINUOUS QUERIES', 'SHOW DIAGNOSTICS', "SHOW DIAGNOSTICS FOR 'network'", 'SHOW QUERIES'],
    ...['SHOW SHARD GROUPS', 'SHOW SHARDS', 'SHOW STATS', "SHOW STATS FOR 'indexes'", 'SHOW SUBSCRIPTIONS'],
    ...['SHOW DATABASES', 'KILL QUERY 4000000000', 'KILL QUERY 4000000000 ON "a"'],
  ),
  fc.integer({ min: 0, max: 60 }).map((id) => `DROP SHARD ${id}`),
  fc
    .tuple(database, policy, fc.constantFrom('ALL', 'ANY'))
    .map(
      ([db, rp, which]) =>
        `CREATE SUBSCRIPTION s ON ${db}.${rp || 'autogen'} DESTINATIONS ${which} 'udp://127.0.0.1:9', 'udp://127.0.0.1:10'`,
    ),
  fc.tuple(database, policy).map(([db, rp]) => `DROP SUBSCRIPTION s ON ${db}.${rp || 'autogen'}`),
)
const one = fc.oneof(
  { weight: 6, arbitrary: select },
  { weight: 3, arbitrary: nested },
  { weight: 6, arbitrary: show },
  { weight: 3, arbitrary: into },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('EXPLAIN ', 'EXPLAIN ANALYZE '), fc.oneof(select, select, nested, into))
      .map((two) => two.join('')),
  },
  { weight: 2, arbitrary: removal },
  { weight: 1, arbitrary: databases },
  { weight: 1, arbitrary: policies },
  { weight: 1, arbitrary: continuous },
  { weight: 1, arbitrary: users },
  { weight: 1, arbitrary: ofServer },
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
export const defaultPolicy = fc.constantFrom('', '', '', 'second', 'second', 'autogen', 'no_such')
