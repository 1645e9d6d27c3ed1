import { address, bytes, duration } from '../shapes/setting.ts'

/** Node's timers hold 31 bits of milliseconds and fire at once beyond that. */
const LONGEST_TIMER = '24d'

export const server = [
  address({
    name: 'http-bind-address',
    default: ':8086',
    influxdb: true,
    about:
      'The address to listen on, as host:port. Without a host: every interface. Port 0: chosen by ' +
      'the system.',
  }),
  duration({
    name: 'http-read-header-timeout',
    default: '10s',
    min: '0',
    max: LONGEST_TIMER,
    influxdb: true,
    about: 'Time for the headers of a request to arrive. 0: no limit.',
  }),
  duration({
    name: 'http-read-timeout',
    default: '0',
    min: '0',
    max: LONGEST_TIMER,
    influxdb: true,
    about: 'Time for a whole request to arrive, body included. 0: no limit.',
  }),
  duration({
    name: 'http-body-timeout',
    default: '30s',
    min: '0',
    max: LONGEST_TIMER,
    about:
      'Time for the body of a request to arrive (else 408), and for a client to take an answer, ' +
      'plus a second per 64 KB. 0: no limit.',
  }),
  duration({
    name: 'http-write-timeout',
    default: '0',
    min: '0',
    max: LONGEST_TIMER,
    influxdb: true,
    about: 'Time to handle a request and send the answer. 0: no limit.',
  }),
  duration({
    name: 'http-idle-timeout',
    default: '3m',
    min: '0',
    max: LONGEST_TIMER,
    influxdb: true,
    about: 'Time that a connection stays open without a request. 0: no limit.',
  }),
  bytes({
    name: 'http-max-header-size',
    default: '64KiB',
    min: '1KiB',
    max: '1MiB',
    about: "The largest total size of a request's headers; beyond it 431.",
  }),
  bytes({
    name: 'http-max-body-size',
    default: '1MiB',
    min: '1KiB',
    max: '256MiB',
    about: 'The largest body of a request; beyond it 413.',
  }),
  duration({
    name: 'shutdown-timeout',
    default: '10s',
    min: '0',
    max: LONGEST_TIMER,
    about: 'Time that a stop waits for running requests before it cuts them off.',
  }),
] as const
