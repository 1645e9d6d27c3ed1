/** The gateway to one upstream that has databases: it decides everything itself, and upstream knows only this server. */
import type { ID } from '../domain/base/id.ts'
import type { Buckets } from '../domain/buckets/buckets.ts'
import { createDataDirectory } from '../domain/gateway/data-directory.ts'
import { createDatabaseAccess } from '../domain/gateway/database-access.ts'
import type { MintedToken } from '../domain/gateway/minted-tokens.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { DescribedUpstream } from '../http/gateway/described.ts'
import type { FrontedGateway } from '../http/gateway/front.ts'
import { createGateway, type GatewayObserver } from '../http/gateway/gateway.ts'
import type { InFlight } from '../http/gateway/in-flight.ts'
import { createDescribedDatabases } from '../http/gateway/judge-described-databases.ts'
import { refuse } from '../http/gateway/judges/resource.ts'
import { createPing, withPing } from '../http/gateway/ping.ts'
import { createFindMatch, type Judgement } from '../http/gateway/route-table.ts'
import { withAuthorization } from '../http/gateway/with-authorization.ts'
import { credentialsRefused } from '../upstream/exchange/exchange.ts'
import { DATABASE_KINDS, type DatabaseKind } from './database-kinds.ts'
import type { DatabaseLink } from './database-links.ts'
import { type GatewayHttp, openGatewayParts } from './gateway-parts.ts'
import { createManageDatabases, manageNothing } from './manage-databases.ts'

export interface ComposedDatabaseGateway extends FrontedGateway {
  readonly paths: readonly string[]
  readonly inFlight: InFlight
  readonly described: DescribedUpstream
  /** To be called when any organization or bucket was changed. */
  forget(): void
  close(): Promise<void>
}

/** An empty token in place of a minted one: the transport adds the credential of the settings. */
const FIXED: MintedToken = { id: '' as ID, token: '' }

export function composeDatabaseGateway(
  link: DatabaseLink,
  parts: {
    store: Pick<IdentityStore, 'organizations' | 'buckets'>
    bucketRecords: Pick<Buckets, 'create' | 'update' | 'remove'>
    /** `authenticateLegacy` takes sessions too. */
    http: GatewayHttp
    observer: GatewayObserver
    now: () => number
    /** Whether `/ping` is upstream's: no other upstream may be meant. */
    answersPing: boolean
  },
): ComposedDatabaseGateway {
  const { settings } = link
  const kind: DatabaseKind = DATABASE_KINDS[link.kind]
  const directory = createDataDirectory({ ...parts.store, now: parts.now })
  const access = createDatabaseAccess(directory, {
    organization: link.upstream.organization,
    hasPlainNames: kind.hasPlainNames,
  })
  const { transport, ...opened } = openGatewayParts(settings)
  const authorized = withAuthorization(transport, link.authorization)
  const manage = createManageDatabases({
    ...{ buckets: parts.bucketRecords, records: parts.store.buckets, upstream: link.upstream },
  })
  const match = createFindMatch(kind.routes)
  const gateway = createGateway({
    observer: parts.observer,
    ...parts.http,
    ...opened,
    tokens: { of: () => FIXED, discard: () => {} },
    // Upstream refuses the credential of this server, which is no fault of the caller's.
    tokenExists: async () => {
      throw credentialsRefused()
    },
    transport: authorized,
    repeatsMessage: true,
    match,
    judges: { ...ALL_REFUSED, ...kind.judges({ access, manage }) },
  })
  const ping = createPing({
    ...{ transport: authorized, timeoutMs: settings.timeout, methods: kind.pings },
    ...{ createRequestID: parts.http.createRequestID, now: parts.now },
  })
  return {
    ...(parts.answersPing ? withPing(gateway, ping) : gateway),
    ...{ inFlight: opened.inFlight, organization: settings.org },
    paths: parts.answersPing ? [...kind.paths, ...Object.keys(kind.pings)] : kind.paths,
    hosts: settings.hosts.map((host) => host.toLowerCase()),
    described: createDescribedDatabases({
      ...{ match, asSent: kind.asSent },
      judges: { ...ALL_REFUSED, ...kind.judges({ access, manage: manageNothing }) },
    }),
    forget: directory.forget,
    close: () => transport.close(),
  }
}

/** For judgements without a route of this kind. */
const ALL_REFUSED: Readonly<Record<Judgement, typeof refuse>> = {
  ...{ write: refuse, delete: refuse, flux: refuse, 'legacy-write': refuse, 'legacy-query': refuse },
  ...{ 'runs-flux': refuse, 'text-of-flux': refuse, template: refuse, 'bucket-in-body': refuse },
  ...{ label: refuse, member: refuse, remote: refuse, 'dbrp-mapping': refuse, operator: refuse },
  ...{ refused: refuse, resource: refuse },
}
