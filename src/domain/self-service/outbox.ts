/** Mail that is sent after the answer, so that neither its content nor its time tells whether an address is known. */
import type { Log } from '../base/log.ts'
import type { MailLimits } from './mail-limits.ts'

export interface Mail {
  /** One plain address. */
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  /** Hands one mail to the mail server; throws an Error, which holds no secret, if the server does not take it. */
  send(mail: Mail): Promise<void>
}

/** What a mail is for; `notice` tells of a change. */
export type MailPurpose = 'invitation' | 'reset' | 'email' | 'notice'
/** `limited`: the mailbox got enough mail already. `dropped`: too much waited, or the server stopped. */
export type MailOutcome = 'sent' | 'failed' | 'limited' | 'dropped'
export type CountMail = (purpose: MailPurpose, outcome: MailOutcome) => void

/** Sends one mail, unless its mailbox got enough already. Failures are logged and counted. */
export type Deliver = (mail: Mail) => Promise<void>

export interface Outbox {
  /** Whether the settings name a mail server. */
  readonly isOn: boolean
  /** Runs `work` once the present request is answered; what it throws is logged. Without a mail server it does nothing. */
  later(purpose: MailPurpose, work: (deliver: Deliver) => Promise<void>): void
  /** Waits for what runs, for at most a few seconds, and drops what waits. */
  stop(): Promise<void>
}

const AT_ONCE = 4
const MOST_WAITING = 1000
const STOP_WITHIN_MS = 5000

export function createOutbox(deps: {
  mailer: Mailer | undefined
  limits: Pick<MailLimits, 'mayReach'>
  countMail: CountMail
  log: Pick<Log, 'warn' | 'error'>
}): Outbox {
  const { mailer, limits, countMail, log } = deps
  const waiting: { readonly purpose: MailPurpose; readonly run: () => Promise<void> }[] = []
  const running = new Set<Promise<void>>()
  let stopped = false

  function startMore(): void {
    while (running.size < AT_ONCE) {
      const next = waiting.shift()
      if (!next) return
      const done: Promise<void> = next.run().finally(() => {
        running.delete(done)
        startMore()
      })
      running.add(done)
    }
  }

  async function deliver(purpose: MailPurpose, mail: Mail): Promise<void> {
    if (!mailer) return
    // A notice is never held back: somebody could fill the mailbox first, to keep it away.
    if (purpose !== 'notice' && !(await limits.mayReach(mail.to, purpose))) {
      countMail(purpose, 'limited')
      return
    }
    try {
      await mailer.send(mail)
      countMail(purpose, 'sent')
    } catch (error) {
      countMail(purpose, 'failed')
      log.error('a mail could not be sent', { purpose, cause: String(error) })
    }
  }

  return {
    isOn: mailer !== undefined,
    later(purpose, work) {
      if (!mailer) return
      if (stopped || waiting.length >= MOST_WAITING) {
        countMail(purpose, 'dropped')
        log.warn('a mail was dropped, since too many wait', { purpose })
        return
      }
      const run = () =>
        work((mail) => deliver(purpose, mail)).catch((error) => {
          countMail(purpose, 'failed')
          log.error('a mail could not be made', { purpose, cause: String(error) })
        })
      waiting.push({ purpose, run })
      // Not before the answer is written, whose time would tell what is done here.
      setImmediate(startMore)
    },
    async stop() {
      stopped = true
      for (const { purpose } of waiting.splice(0)) countMail(purpose, 'dropped')
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, STOP_WITHIN_MS)
      await Promise.race([Promise.all(running), late.promise])
      clearTimeout(timer)
    },
  }
}
