/** Reads what InfluxDB answers. Nothing of it is taken over without a look at its shape. */
import { type ID, idIn } from '../../domain/base/id.ts'
import type { Bucket } from '../../domain/records/bucket.ts'
import type { Organization } from '../../domain/records/organization.ts'
import type { User } from '../../domain/records/user.ts'
import { strangeAnswer } from './failure.ts'

type Fields = Readonly<Record<string, unknown>>

/** The fields of a JSON object; throws `unavailable` for anything else. */
export function fieldsOf(answer: unknown): Fields {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as Fields
  throw strangeAnswer('upstream answered with no JSON object')
}

/** The list under that name. */
export function listOf(answer: unknown, name: string): readonly unknown[] {
  const list = fieldsOf(answer)[name]
  if (Array.isArray(list)) return list
  throw strangeAnswer(`upstream answered without the list ${name}`)
}

export function idOf(answer: unknown, name = 'id'): ID {
  const id = idIn(textOf(answer, name))
  if (id) return id
  throw strangeAnswer(`upstream answered with a field ${name} that is no id`)
}

/** The id under that name; undefined if there is none. */
export function optionalID(answer: unknown, name: string): ID | undefined {
  const id = fieldsOf(answer)[name]
  return typeof id === 'string' ? idIn(id) : undefined
}

export function textOf(answer: unknown, name: string, otherwise?: string): string {
  const text = fieldsOf(answer)[name] ?? otherwise
  if (typeof text === 'string') return text
  throw strangeAnswer(`upstream answered without the text ${name}`)
}

export function userOf(answer: unknown): User {
  return {
    id: idOf(answer),
    name: textOf(answer, 'name'),
    status: textOf(answer, 'status', 'active') === 'inactive' ? 'inactive' : 'active',
  }
}

export function organizationOf(answer: unknown): Organization {
  return {
    id: idOf(answer),
    name: textOf(answer, 'name'),
    description: textOf(answer, 'description', ''),
    createdAt: timeOf(answer, 'createdAt'),
    updatedAt: timeOf(answer, 'updatedAt'),
  }
}

export function bucketOf(answer: unknown): Bucket {
  const rule = fieldsOf(listOf({ rules: fieldsOf(answer).retentionRules ?? [] }, 'rules')[0] ?? {})
  return {
    id: idOf(answer),
    orgID: idOf(answer, 'orgID'),
    type: textOf(answer, 'type', 'user') === 'system' ? 'system' : 'user',
    name: textOf(answer, 'name'),
    description: textOf(answer, 'description', ''),
    retentionPolicy: textOf(answer, 'rp', ''),
    retentionSeconds: secondsOf(rule.everySeconds),
    shardGroupSeconds: secondsOf(rule.shardGroupDurationSeconds),
    createdAt: timeOf(answer, 'createdAt'),
    updatedAt: timeOf(answer, 'updatedAt'),
  }
}

function secondsOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

/** In the form of times in records. InfluxDB writes nanoseconds and, in old records, none at all. */
export function timeOf(answer: unknown, name: string): string {
  const at = Date.parse(textOf(answer, name, ''))
  return new Date(Number.isNaN(at) ? 0 : at).toISOString()
}
