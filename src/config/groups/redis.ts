import type { Schema } from '../setting.ts'

export const redis = [
  {
    name: 'session-store',
    type: 'enum',
    values: ['memory', 'redis'],
    default: 'memory',
    about:
      'Where sessions and counters of wrong tries are kept: in this process, or in Redis or Valkey, which several nodes share. Redis needs the store postgres.',
  },
  {
    name: 'redis-url',
    type: 'string',
    secret: true,
    about:
      'The Redis of the session store: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS. With redis-sentinels only user, password, database and TLS count. A password belongs into redis-password-file or the environment.',
  },
  {
    name: 'redis-password-file',
    type: 'path',
    about:
      'A file with the password of Redis, instead of one in the URL. It is read at each new connection, so it may change.',
  },
  {
    name: 'redis-ca-file',
    type: 'path',
    about: 'The certificate (PEM) that Redis is to show or to be signed by, with rediss://.',
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
    about: 'The name that the Sentinels give the master.',
  },
  {
    name: 'redis-sentinel-password-file',
    type: 'path',
    about: 'A file with the password of the Sentinels, where they ask for one.',
  },
  {
    name: 'redis-key-prefix',
    type: 'string',
    default: 'sluice:',
    about: 'What the names of all keys begin with. Clusters that share a Redis need different ones.',
  },
  {
    name: 'redis-wait-replicas',
    type: 'integer',
    default: 0,
    min: 0,
    max: 10,
    about:
      'How many replicas a new session waits for, half a second at most, so that a failover right after a sign-in does not lose it.',
  },
] as const satisfies Schema
