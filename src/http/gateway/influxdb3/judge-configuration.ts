/** Databases by the v3 API, and what concerns the whole server, which is for operators. */
import { forbidden, invalid } from '../../../domain/base/errors.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import { type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import type { ManageDatabases } from '../influxdb1/judge-influxql.ts'
import { targetOf } from '../target.ts'

export function judgeDatabases(access: DatabaseAccess, manage: ManageDatabases): Judge {
  return async (arrival) => {
    const { principal } = arrival.caller
    const orgID = await access.orgID()
    if (arrival.request.method === 'GET') {
      const rows = (await access.readable(principal)).map((name) => ({ 'iox::database': name }))
      const answer = { status: 200, contentType: 'application/json', body: JSON.stringify(rows) }
      return { orgID, answer, target: arrival.path, body: undefined }
    }
    await access.requireManager(principal)
    if (arrival.request.method === 'DELETE') {
      const db = arrival.decisive.db
      if (!db) throw invalid('db is missing; send db=DATABASE')
      await access.require(principal, 'write', { database: db, policy: 'all' })
      const managed = manage(arrival.caller, orgID, [{ name: 'DROP DATABASE', database: db }])
      return { ...managed, orgID, target: targetOf(arrival.path, [['db', db]]), body: undefined }
    }
    const { db, ...others } = parseObject(await arrival.read(MOST_JUDGED_BYTES))
    if (typeof db !== 'string' || db === '' || Object.keys(others).length > 0) {
      throw invalid('send {"db": DATABASE} alone; the retention is that of the bucket')
    }
    const managed = manage(arrival.caller, orgID, [{ name: 'CREATE DATABASE', database: db }])
    return {
      ...managed,
      ...{ orgID, target: arrival.path, contentType: 'application/json' },
      body: Buffer.from(JSON.stringify({ db })),
    }
  }
}

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
