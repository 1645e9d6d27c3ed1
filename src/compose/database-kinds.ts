/** The kinds of upstream that have databases. Each is one folder in `src/http/gateway` and one in `src/upstream`. */

import type { DatabaseAccess } from '../domain/gateway/database-access.ts'
import type { UpstreamDatabases } from '../domain/records/upstream-databases.ts'
import type { Judge } from '../http/gateway/arrival.ts'
import type { ManageDatabases } from '../http/gateway/influxdb1/judge-influxql.ts'
import { influxdb1Judges } from '../http/gateway/influxdb1/judges.ts'
import { INFLUXDB1_AS_SENT, INFLUXDB1_PATHS, INFLUXDB1_ROUTES } from '../http/gateway/influxdb1/routes.ts'
import { influxdb3Judges } from '../http/gateway/influxdb3/judges.ts'
import {
  INFLUXDB3_AS_SENT,
  INFLUXDB3_PATHS,
  INFLUXDB3_PINGS,
  INFLUXDB3_ROUTES,
} from '../http/gateway/influxdb3/routes.ts'
import type { AsSent } from '../http/gateway/judge-described-databases.ts'
import { PING, type PingMethods } from '../http/gateway/ping.ts'
import type { Judgement, Routes } from '../http/gateway/route-table.ts'
import { victoriametricsJudges } from '../http/gateway/victoriametrics/judges.ts'
import {
  VICTORIAMETRICS_AS_SENT,
  VICTORIAMETRICS_PATHS,
  VICTORIAMETRICS_ROUTES,
} from '../http/gateway/victoriametrics/routes.ts'
import { createExchange, type Exchange, type ExchangeAccess } from '../upstream/exchange/exchange.ts'
import { createInfluxdb1Databases } from '../upstream/influxdb1/databases.ts'
import { createInfluxdb3Databases } from '../upstream/influxdb3/databases.ts'
import { createVictoriametricsDatabases } from '../upstream/victoriametrics/databases.ts'

export interface JudgeDeps {
  readonly access: DatabaseAccess
  readonly manage: ManageDatabases
}

export interface DatabaseKind {
  /** Whether a slash in a name means nothing, since there are no retention policies. */
  readonly hasPlainNames: boolean
  /** The paths below which it has routes. */
  readonly paths: readonly string[]
  readonly routes: Routes
  readonly judges: (deps: JudgeDeps) => Readonly<Partial<Record<Judgement, Judge>>>
  readonly asSent: AsSent
  /** What tells everybody whether it runs, and in which version. */
  readonly pings: PingMethods
  /** Sluice's own requests. */
  readonly open: (access: ExchangeAccess) => {
    readonly databases: UpstreamDatabases
    close(): Promise<void>
  }
}

export const DATABASE_KINDS = {
  influxdb1: {
    hasPlainNames: false,
    paths: INFLUXDB1_PATHS,
    routes: INFLUXDB1_ROUTES,
    judges: influxdb1Judges,
    asSent: INFLUXDB1_AS_SENT,
    pings: PING,
    open: opening(createInfluxdb1Databases),
  },
  victoriametrics: {
    hasPlainNames: true,
    paths: VICTORIAMETRICS_PATHS,
    routes: VICTORIAMETRICS_ROUTES,
    judges: victoriametricsJudges,
    asSent: VICTORIAMETRICS_AS_SENT,
    pings: PING,
    open: opening(createVictoriametricsDatabases),
  },
  influxdb3: {
    hasPlainNames: true,
    paths: INFLUXDB3_PATHS,
    routes: INFLUXDB3_ROUTES,
    judges: influxdb3Judges,
    asSent: INFLUXDB3_AS_SENT,
    pings: INFLUXDB3_PINGS,
    open: opening(createInfluxdb3Databases),
  },
} as const satisfies Readonly<Record<string, DatabaseKind>>

export type DatabaseKindName = keyof typeof DATABASE_KINDS

function opening(create: (exchange: Exchange) => UpstreamDatabases): DatabaseKind['open'] {
  return (access) => {
    const exchange = createExchange(access)
    return { databases: create(exchange), close: exchange.close }
  }
}
