/** `/query` of 1.x, in JSON, with the reading of a local file that multipart requests reach. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, JSON_TYPE } from '../core/exchange.ts'
import { openRoute, type Route } from '../core/router.ts'
import { parseStatement } from './influxql.ts'
import { statementsOf } from './influxql-lexer.ts'
import { fieldsOf } from './multipart.ts'
import { v1Caller } from './v1-caller.ts'
import { answerStatement } from './v1-statements.ts'

export const V1_QUERY_ROUTES: readonly Route[] = [
  openRoute('GET', '/query', query),
  openRoute('POST', '/query', query),
]

function query(exchange: Exchange): Answer {
  const caller = v1Caller(exchange, false)
  if (!exchange.state.orgs.has(caller.orgID ?? ''))
    throw new InfluxError('not found', 'organization not found')
  const form = formOf(exchange)
  const text = queryText(exchange, form)
  const statements = statementsOf(text).map(parseStatement)
  if (statements.length === 0) throw new InfluxError('invalid', 'missing required parameter "q"')
  const failed = statements.find((each) => 'error' in each)
  if (failed && 'error' in failed) throw new InfluxError('invalid', `failed to parse query: ${failed.error}`)
  const request = { ...exchange, caller, database: form('db'), rp: form('rp'), epoch: form('epoch') }
  const results: unknown[] = []
  for (const [statement_id, statement] of statements.entries()) {
    if ('error' in statement) continue
    const result = answerStatement(request, statement)
    results.push({ statement_id, ...result })
    // What follows a failed statement is not executed.
    if ('error' in result) break
  }
  const body = `${JSON.stringify({ results })}\n`
  return {
    status: 200,
    headers: { 'content-type': isCSV(exchange) ? 'text/csv' : (JSON_TYPE.split(';')[0] as string) },
    body,
  }
}

const isCSV = ({ headers }: Exchange) => headers.accept === 'application/csv' || headers.accept === 'text/csv'

/** Values of the form first, then of the URL, as Go's `FormValue`. */
function formOf(exchange: Exchange): (name: string) => string {
  const { method, query: inURL, headers, body } = exchange
  const type = headers['content-type'] ?? ''
  const inForm = new URLSearchParams()
  if (method === 'POST' && type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) inForm.append(name, value)
  }
  if (method === 'POST' && type.startsWith('multipart/form-data')) {
    for (const { name, filename, value } of fieldsOf(body, type)) {
      if (filename === undefined) inForm.append(name, value)
    }
  }
  return (name) => inForm.get(name) ?? inURL.get(name) ?? ''
}

function queryText(exchange: Exchange, form: (name: string) => string): string {
  const { headers, body, options } = exchange
  const text = form('q').trim()
  if (text !== '') return text
  const type = headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) {
    const file = fieldsOf(body, type).find(({ name, filename }) => name === 'q' && filename)
    return file ? readFileSync(join(options.workingDirectory, basename(file.filename ?? '')), 'utf8') : ''
  }
  if (type === '') throw new InfluxError('invalid', 'mime: no media type')
  return type.startsWith('application/vnd.influxql') ? body.toString('utf8') : ''
}
