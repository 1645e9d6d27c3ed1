/** What an audit event says, in words: "ada added alan.turing to factory-floor as owner". */
import { AUDIT_KINDS, type AuditKindTexts, type Phrase } from './audit-kinds.ts'

/** An event as the API gives it. */
export interface SpokenEvent {
  readonly event: string
  readonly outcome: string
  readonly actor: {
    readonly userID?: string | undefined
    readonly userName?: string | undefined
  }
  readonly target: {
    readonly type: string
    readonly id?: string | undefined
    readonly name?: string | undefined
    readonly userID?: string | undefined
    readonly userName?: string | undefined
    readonly orgID?: string | undefined
    readonly orgName?: string | undefined
    /** What a route does, in words; only for events about routes. */
    readonly summary?: string | undefined
  }
  readonly userAgent: string
  readonly currentNames?: readonly string[] | undefined
}

/** What a sentence names. */
export interface Mention {
  readonly type: string
  readonly id: string | undefined
  readonly text: string
  /** Whether the text is a name that a user chose, rather than words of the sentence. */
  readonly isName: boolean
  /** Whether the name is the current one, because the event itself has none. */
  readonly isCurrent: boolean
}

export type SentencePart = string | Mention

/** Returns the sentence in parts. An event kind of a newer Sluice, which has no sentence here, is shown as its code. */
export function sentenceOf(event: SpokenEvent): SentencePart[] {
  return phraseOf(event)
    .split(/\{(actor|target|user|org)\}/)
    .map((part, at) => (at % 2 === 0 ? part : mention(part, event)))
    .filter((part) => part !== '')
}

function phraseOf(event: SpokenEvent): string {
  const { outcome } = event
  const kinds: Readonly<Record<string, AuditKindTexts>> = AUDIT_KINDS
  const texts = Object.hasOwn(kinds, event.event) ? kinds[event.event] : undefined
  if (!texts) return `{actor}: ${event.event} {target}${outcome === 'success' ? '' : ` (${outcome})`}`
  const say = (phrase: Phrase) => (typeof phrase === 'string' ? phrase : phrase(event))
  if (outcome === 'success') return say(texts.done)
  const { refused, throttled, expired, failed } = texts
  const own = { refused, throttled, expired, failed }[outcome]
  if (own) return say(own)
  const end = Object.hasOwn(ENDS, outcome) ? ENDS[outcome] : `was stopped (${outcome})`
  return `{actor} tried to ${say(texts.trying)} and ${end}`
}

const ENDS: Readonly<Record<string, string>> = {
  ...{ refused: 'was refused', throttled: 'was throttled' },
  ...{ expired: 'was too late', failed: 'failed' },
}

function mention(slot: string, event: SpokenEvent): Mention {
  const { actor, target } = event
  const named = (
    field: string,
    type: string,
    id?: string,
    name?: string,
    unknown = `an unknown ${type}`,
  ) => ({
    type,
    id,
    text: name || id || unknown,
    isName: Boolean(name),
    isCurrent: event.currentNames?.includes(field) ?? false,
  })
  switch (slot) {
    case 'actor':
      return named('actor.userName', 'user', actor.userID, actor.userName, unknownActor(event))
    case 'user':
      return named('target.userName', 'user', target.userID, target.userName)
    case 'org':
      return named('target.orgName', 'organization', target.orgID, target.orgName)
    default:
      if (target.type === 'route') return { ...named('', 'route'), text: routeWords(target) }
      return named('target.name', target.type, target.id, target.name)
  }
}

/** These commands run on the server's machine and act for no user. */
const COMMANDS: readonly string[] = ['sluice recovery', 'sluice import']

function unknownActor({ userAgent }: SpokenEvent): string {
  return COMMANDS.includes(userAgent) ? userAgent : 'Somebody'
}

/**
 * What a route does, after "tried to". An unknown path has its method as a name, a path that is forwarded to InfluxDB the
 * path. An operation without a summary is one of an earlier Sluice.
 */
function routeWords({ name = '', summary }: SpokenEvent['target']): string {
  if (summary) return `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`
  if (/^[A-Z]+$/.test(name)) return 'reach a path that does not exist'
  const use = /^\/(?:api\/v2\/)?(write|query|delete)$/.exec(name)?.[1]
  if (use) return `${use} data`
  return name.startsWith('/') ? `use ${name}` : `use the operation ${name}`
}
