import type { Schema } from '../setting.ts'

export const redis = [
  {
    name: 'session-store',
    type: 'enum',
    values: ['memory', 'redis'],
    default: 'memory',
    about:
      'Where sessions and guess counters are stored: in this process, or in Redis or Valkey, which ' +
      'several nodes share. Redis needs the store postgres.',
  },
  {
    name: 'redis-url',
    type: 'string',
    secret: true,
    about:
      'The Redis of the session store: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for ' +
      'TLS. With redis-sentinels only user, password, database and TLS count. Put the password in ' +
      'redis-password-file or the environment.',
  },
  {
    name: 'redis-password-file',
    type: 'path',
    about:
      'A file with the Redis password, in place of one in the URL. Read at each new connection, so ' +
      'it may change.',
  },
  {
    name: 'redis-ca-file',
    type: 'path',
    about: 'The certificate (PEM) that Redis shows or that signed it, with rediss://.',
  },
  {
    name: 'redis-sentinels',
    type: 'list',
    default: [],
    about: 'Sentinels that know the master, as HOST:PORT.',
  },
  {
    name: 'redis-sentinel-master',
    type: 'string',
    default: 'mymaster',
    about: "The master's name in the Sentinels.",
  },
  {
    name: 'redis-sentinel-password-file',
    type: 'path',
    about: "A file with the Sentinels' password, if they ask for one.",
  },
  {
    name: 'redis-key-prefix',
    type: 'string',
    default: 'sluice:',
    about: 'The prefix of all keys. Clusters that share a Redis need different ones.',
  },
  {
    name: 'redis-wait-replicas',
    type: 'integer',
    default: 0,
    min: 0,
    max: 10,
    about:
      'How many replicas a new session waits for, at most half a second, so that a failover just ' +
      'after sign-in does not lose it.',
  },
] as const satisfies Schema
