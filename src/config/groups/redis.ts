import { choice, integer, path, text, texts } from '../shapes/setting.ts'

export const redis = [
  choice({
    name: 'session-store',
    values: ['memory', 'redis'],
    default: 'memory',
    about:
      'Where sessions and guess counters are stored: in this process, or in Redis or Valkey, which ' +
      'several nodes share. Redis needs the store postgres.',
  }),
  text({
    name: 'redis-url',
    secret: true,
    about:
      'The Redis of the session store: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for ' +
      'TLS. With redis-sentinels host and port do not count. Put the password in ' +
      'redis-password-file or the environment.',
  }),
  path({
    name: 'redis-password-file',
    about: 'A file with the Redis password, in place of one in the URL; read at each new connection.',
  }),
  path({
    name: 'redis-ca-file',
    about: 'The certificate (PEM) that Redis shows or that signed it, with rediss://.',
  }),
  texts({
    name: 'redis-sentinels',
    default: [],
    about: 'Sentinels that know the master, as HOST:PORT.',
  }),
  text({
    name: 'redis-sentinel-master',
    default: 'mymaster',
    about: "The master's name in the Sentinels.",
  }),
  path({
    name: 'redis-sentinel-password-file',
    about: "A file with the Sentinels' password, if they ask for one.",
  }),
  text({
    name: 'redis-key-prefix',
    default: 'sluice:',
    about: 'The prefix of all keys. Clusters that share a Redis need different ones.',
  }),
  integer({
    name: 'redis-wait-replicas',
    default: 0,
    min: 0,
    max: 10,
    about:
      'Replicas that a new session waits for, at most half a second, so that a failover does not ' +
      'lose it.',
  }),
] as const
