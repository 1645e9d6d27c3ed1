/** Words that are no identifiers unless they are quoted (influxdata/influxql, token.go), in upper case. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['ALL', 'ALTER', 'ANALYZE', 'AND', 'ANY', 'AS', 'ASC', 'BEGIN', 'BY', 'CARDINALITY', 'CONTINUOUS'],
  ...['CREATE', 'DATABASE', 'DATABASES', 'DEFAULT', 'DELETE', 'DESC', 'DESTINATIONS', 'DIAGNOSTICS'],
  ...['DISTINCT', 'DROP', 'DURATION', 'END', 'EVERY', 'EXACT', 'EXPLAIN', 'FALSE', 'FIELD', 'FOR', 'FROM'],
  ...['GRANT', 'GRANTS', 'GROUP', 'GROUPS', 'IN', 'INF', 'INSERT', 'INTO', 'KEY', 'KEYS', 'KILL', 'LIMIT'],
  ...['MEASUREMENT', 'MEASUREMENTS', 'NAME', 'OFFSET', 'ON', 'OR', 'ORDER', 'PASSWORD', 'POLICIES'],
  ...['POLICY', 'PRIVILEGES', 'QUERIES', 'QUERY', 'READ', 'REPLICATION', 'RESAMPLE', 'RETENTION', 'REVOKE'],
  ...['SELECT', 'SERIES', 'SET', 'SHARD', 'SHARDS', 'SHOW', 'SLIMIT', 'SOFFSET', 'STATS', 'SUBSCRIPTION'],
  ...['SUBSCRIPTIONS', 'TAG', 'TO', 'TRUE', 'USER', 'USERS', 'VALUES', 'WHERE', 'WITH', 'WRITE'],
])
