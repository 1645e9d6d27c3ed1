import { choice, integer, path, text, texts } from '../shapes/setting.ts'

export const redis = [
  choice({
    name: 'session-store',
    values: ['memory', 'redis'],
    default: 'memory',
    about:
      'Where sessions and counters of wrong tries are kept: in this process, or in Redis or Valkey, which several nodes share. Redis needs the store postgres.',
  }),
  text({
    name: 'redis-url',
    secret: true,
    about:
      'The Redis of the session store: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS. With redis-sentinels only user, password, database and TLS count. A password belongs into redis-password-file or the environment.',
  }),
  path({
    name: 'redis-password-file',
    about:
      'A file with the password of Redis, instead of one in the URL. It is read at each new connection, so it may change.',
  }),
  path({
    name: 'redis-ca-file',
    about: 'The certificate (PEM) that Redis is to show or to be signed by, with rediss://.',
  }),
  texts({
    name: 'redis-sentinels',
    default: [],
    about: 'Sentinels that know the master, as HOST:PORT.',
  }),
  text({
    name: 'redis-sentinel-master',
    default: 'mymaster',
    about: 'The name that the Sentinels give the master.',
  }),
  path({
    name: 'redis-sentinel-password-file',
    about: 'A file with the password of the Sentinels, where they ask for one.',
  }),
  text({
    name: 'redis-key-prefix',
    default: 'sluice:',
    about: 'What the names of all keys begin with. Clusters that share a Redis need different ones.',
  }),
  integer({
    name: 'redis-wait-replicas',
    default: 0,
    min: 0,
    max: 10,
    about:
      'How many replicas a new session waits for, half a second at most, so that a failover right after a sign-in does not lose it.',
  }),
] as const
