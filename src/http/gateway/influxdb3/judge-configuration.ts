/** Databases by the v3 API, and what concerns the whole server, which is for operators. */
import { forbidden, invalid } from '../../../domain/base/errors.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import { type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import type { ManageDatabases } from '../influxdb1/judge-influxql.ts'
import { targetOf } from '../target.ts'
import { humanSeconds } from './human-time.ts'
import { rowsAnswer } from './rows-answer.ts'

/** `/api/v3/configure/database`: list, create, change the retention, delete. */
export function judgeDatabases(access: DatabaseAccess, manage: ManageDatabases): Judge {
  return async (arrival) => {
    const { request, path, caller, parameters } = arrival
    const { principal } = caller
    const orgID = await access.orgID()
    if (request.method === 'GET') {
      const rows = (await access.readable(principal)).map((name) => ({ 'iox::database': name }))
      const format = parameters.find(([name]) => name === 'format')?.[1]
      const answer = rowsAnswer(rows, ['iox::database'], format)
      return { orgID, answer, target: path, body: undefined }
    }
    await access.requireManager(principal)
    if (request.method === 'DELETE') {
      const db = arrival.decisive.db
      if (!db) throw invalid('db is missing; send db=DATABASE')
      await access.require(principal, 'write', { database: db, policy: 'all' })
      const managed = manage(caller, orgID, [{ name: 'DROP DATABASE', database: db }])
      return { ...managed, orgID, target: targetOf(path, [['db', db]]), body: undefined }
    }
    const { db, retention_period: period, ...others } = parseObject(await arrival.read(MOST_JUDGED_BYTES))
    const isPeriod = period === undefined || period === null || typeof period === 'string'
    if (typeof db !== 'string' || db === '' || !isPeriod || Object.keys(others).length > 0) {
      throw invalid('send {"db": DATABASE, "retention_period": DURATION}, or db alone to keep data for ever')
    }
    const keeps = typeof period === 'string' ? keepsOf(period) : 'INF'
    const isNew = request.method === 'POST'
    if (!isNew) await access.require(principal, 'write', { database: db, policy: 'all' })
    const name = isNew ? 'CREATE DATABASE' : 'ALTER RETENTION POLICY'
    const managed = manage(caller, orgID, [{ name, database: db, keeps }])
    return {
      ...managed,
      ...{ orgID, target: path, contentType: 'application/json' },
      body: Buffer.from(
        JSON.stringify({ db, ...(typeof period === 'string' ? { retention_period: period } : {}) }),
      ),
    }
  }
}

/** `/api/v3/configure/database/retention_period`: set by POST, removed by DELETE. */
export function judgeRetention(access: DatabaseAccess, manage: ManageDatabases): Judge {
  return async ({ request, path, caller, decisive, parameters }) => {
    const { db } = decisive
    if (!db) throw invalid('db is missing; send db=DATABASE')
    const orgID = await access.requireManager(caller.principal)
    await access.require(caller.principal, 'write', { database: db, policy: 'all' })
    const durations = parameters.filter(([name]) => name === 'duration')
    const isSet = request.method === 'POST'
    if (durations.length !== (isSet ? 1 : 0))
      throw invalid('send duration=DURATION once to set it, and none to remove it')
    const keeps = isSet ? keepsOf(durations[0]?.[1] ?? '') : 'INF'
    const managed = manage(caller, orgID, [{ name: 'ALTER RETENTION POLICY', database: db, keeps }])
    return { ...managed, orgID, target: targetOf(path, [['db', db], ...durations]), body: undefined }
  }
}

/** As InfluxQL writes a duration. */
const keepsOf = (period: string) => `${humanSeconds(period)}s`

export function judgeOfOperators(access: DatabaseAccess): Judge {
  return async (arrival) => {
    const { request, parameters, path, caller } = arrival
    access.requireOperator(caller.principal, 'write')
    if (request.method === 'GET' && caller.session) throw forbidden('forged-request', 'send this by POST')
    return {
      ...{ orgID: await access.orgID(), target: targetOf(path, parameters.filter(isNoCredential)) },
      body: hasBody(request) ? 'as-sent' : undefined,
    }
  }
}

const isNoCredential = ([name]: readonly [string, string]) => name !== 'u' && name !== 'p'
