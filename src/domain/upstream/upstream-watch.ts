/** Whether upstream is reachable, and what must be corrected before Sluice can work with it. */
import type { Log } from '../base/log.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { CertificateProblem, UpstreamCheck, UpstreamSetup } from '../records/upstream.ts'
import type { UserStore } from '../records/user.ts'
import type { Comparison } from './comparison.ts'

export interface UpstreamWatch {
  /** The problem, without an address; undefined if Sluice can work with upstream. */
  problem(): string | undefined
  /** Whether upstream answers at all. */
  isUp(): boolean
  /** Checks upstream now. It also runs periodically. */
  look(): Promise<void>
  stop(): Promise<void>
}

const EVERY_MS = 5000
/** A problem that persists is logged once in this time. */
const REPEAT_MS = 60_000

const AWAY = 'the InfluxDB behind this server does not answer'

const WHAT_TO_DO: Readonly<Record<CertificateProblem, string>> = {
  untrusted:
    'no known authority signed its certificate; set upstream-ca-file to the certificate of the one that did',
  expired: 'its certificate has expired or is not valid yet; renew it, or set the clock of this machine',
  'other-name': 'its certificate is for another host; set upstream-url to a name in it',
  'client-refused':
    'it ends connections over TLS; if it wants a client certificate, set upstream-client-cert-file and upstream-client-key-file to one that it accepts and that has not expired',
}

export function createUpstreamWatch(deps: {
  check: UpstreamCheck
  setup: Pick<UpstreamSetup, 'isAllowed'>
  records: {
    readonly users: Pick<UserStore, 'count'>
    readonly organizations: Pick<OrganizationStore, 'count'>
  }
  comparison: Pick<Comparison, 'run'>
  log: Log
  now: () => number
}): UpstreamWatch {
  const { check, setup, records, comparison, log, now } = deps
  let problem: string | undefined = AWAY
  let isUp = false
  let isChecked = false
  let said: { readonly text: string; readonly at: number } | undefined
  let looking: Promise<void> = Promise.resolve()

  function say(text: string): void {
    if (said?.text === text && now() - said.at < REPEAT_MS) return
    said = { text, at: now() }
    log.warn(text)
  }

  /** The problem of an upstream that answers. Advice that does not stop Sluice is only logged. */
  async function inspect(): Promise<string | undefined> {
    const isFreshThere = await setup.isAllowed()
    const isFreshHere = (await records.users.count()) === 0 && (await records.organizations.count()) === 0
    if (isFreshThere && isFreshHere) {
      log.info('the InfluxDB behind this server is not set up yet; the setup of this server sets it up too')
      return undefined
    }
    if (isFreshThere) {
      return 'the InfluxDB behind this server is not set up; "sluice upstream repair --from here" sets it up'
    }
    const configuration = await check.configuration()
    if (configuration?.isOperator === false) {
      return 'the InfluxDB behind this server refuses the operator token; set upstream-token to a token that may do everything there ("influx auth create --operator")'
    }
    if (configuration === undefined) {
      log.warn('the InfluxDB behind this server is too old to tell whether its token is an operator token')
    }
    if (configuration?.isHardened !== true) {
      log.warn(
        'scripts of every user can reach the network of the InfluxDB behind this server, and files there; start it with --hardening-enabled',
      )
    }
    if (isFreshHere) {
      log.warn(
        'the InfluxDB behind this server has users and this server has none; import them instead of a setup ("sluice import")',
      )
    } else await comparison.run(true)
    return undefined
  }

  async function checkOnce(): Promise<void> {
    const readiness = await check.readiness()
    isUp = readiness === 'ready'
    if (readiness !== 'ready') {
      problem = AWAY
      isChecked = false
      say(readiness === 'away' ? AWAY : `${AWAY}: ${WHAT_TO_DO[readiness]}`)
      return
    }
    // Checked once: the comparison finds later differences.
    if (isChecked && problem === undefined) return
    const found = await inspect()
    if (found !== undefined) say(found)
    else if (said) log.info('the InfluxDB behind this server answers again')
    if (found === undefined) said = undefined
    problem = found
    isChecked = true
  }

  function look(): Promise<void> {
    looking = looking.then(() =>
      checkOnce().catch((error) => {
        problem ??= AWAY
        log.warn('the InfluxDB behind this server cannot be checked', { cause: String(error) })
      }),
    )
    return looking
  }

  const timer = setInterval(look, EVERY_MS)
  timer.unref()

  return {
    problem: () => problem,
    isUp: () => isUp,
    look,
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
