/** Lists of a user's several organizations: a token upstream spans one, so each is asked, and the answers are joined. */
import type { ServerResponse } from 'node:http'
import { leaveOutConstant } from '../server/constant-headers.ts'
import { parseExactly } from './exact-json.ts'
import type { Exchanged } from './relay.ts'
import type { Parameters } from './target.ts'
import { answerHeaders } from './upstream-headers.ts'

/** What upstream answered for one organization. */
export interface ListAnswer {
  readonly status: number
  readonly message: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

type Fields = Readonly<Record<string, unknown>>

interface List {
  /** The name of the JSON member that holds the items. */
  readonly name: string
  readonly items: readonly Fields[]
  readonly all: Fields
}

/**
 * The answer to a user of all these organizations. InfluxDB takes a page of what all organizations have, and then leaves
 * out what the caller may not read. So each answer holds a part of the same page, and together they are what a session
 * of that user gets; only the link to the next page, which depends on how many there are, is built for the joined list. An answer that
 * is no list, such as a refusal, stands for all.
 */
export function mergeLists(answers: readonly ListAnswer[], parameters: Parameters): ListAnswer {
  const [first] = answers
  if (!first) throw new Error('there are no answers to join')
  const lists: List[] = []
  for (const answer of answers) {
    const list = answer.status === 200 ? listIn(answer.body) : undefined
    if (!list) return answer
    lists.push(list)
  }
  const { name, all } = lists[0] as List
  const items = new Map(lists.flatMap((list) => list.items.map((item) => [item.id, item] as const)))
  const sorted = [...items.values()].sort(orderOf(name, parameters))
  const links = linksOf(all.links, sorted)
  const merged = { ...all, ...(links && { links }), [name]: sorted }
  return { ...first, body: Buffer.from(JSON.stringify(merged)) }
}

function listIn(body: Buffer): List | undefined {
  let all: unknown
  try {
    all = parseExactly(body.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof all !== 'object' || all === null) return undefined
  const [found, ...others] = Object.entries(all).filter(([, value]) => Array.isArray(value))
  return found && others.length === 0 ? { name: found[0], items: found[1], all: all as Fields } : undefined
}

type Order = (one: Fields, other: Fields) => number

/** The order in which InfluxDB answers: by id; dashboards by these fields too, then always ascending. */
function orderOf(list: string, parameters: Parameters): Order {
  const byField = list === 'dashboards' ? BY_FIELD[parameterIn(parameters, 'sortBy') ?? ''] : undefined
  if (byField) return (one, other) => byField(one, other) || byID(one, other)
  return parameterIn(parameters, 'descending') === 'true' ? (one, other) => byID(other, one) : byID
}

const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))
const byID: Order = (one, other) => compare(String(one.id), String(other.id))
const timeOf = (item: Fields, name: string): number =>
  Date.parse(String((item.meta as Fields | undefined)?.[name]))

const BY_FIELD: Readonly<Record<string, Order>> = {
  Name: (one, other) => compare(String(one.name), String(other.name)),
  CreatedAt: (one, other) => timeOf(one, 'createdAt') - timeOf(other, 'createdAt'),
  UpdatedAt: (one, other) => timeOf(one, 'updatedAt') - timeOf(other, 'updatedAt'),
}

const parameterIn = (parameters: Parameters, name: string): string | undefined =>
  parameters.find(([each]) => each === name)?.[1]

/** Adds a link to the next page if this one is full: by the last id for tasks, by the offset for others. */
function linksOf(links: unknown, items: readonly Fields[]): Fields | undefined {
  if (typeof links !== 'object' || links === null) return undefined
  const { next: _, ...others } = links as Record<string, unknown>
  const [path = '', query = ''] = String(others.self ?? '').split('?', 2)
  const values = new URLSearchParams(query)
  const limit = Number(values.get('limit') ?? 0)
  if (!(limit > 0) || items.length < limit) return others
  if (values.has('offset')) values.set('offset', String(Number(values.get('offset')) + limit))
  else values.set('after', String(items[limit - 1]?.id))
  values.sort()
  return { ...others, next: `${path}?${values}` }
}

/** Gives the client an answer that is held in memory. */
export function answerWith(
  { status, message, headers, body }: ListAnswer,
  response: ServerResponse,
  { own, leftOut }: { readonly own: readonly string[]; readonly leftOut: ReadonlySet<string> },
): Exchanged {
  leaveOutConstant(response, leftOut)
  const others = without(answerHeaders(headers), 'content-length')
  response.writeHead(status, message, [...others, 'content-length', String(body.length), ...own])
  response.end(body)
  return { status, bytesOut: body.length }
}

/** The headers of a request whose answer is read here. */
export const withoutCoding = (headers: readonly string[]): string[] => without(headers, 'accept-encoding')

/** The same if the answer must be what upstream gives to those who ask for no type. */
export const withoutAccept = (headers: readonly string[]): string[] =>
  without(withoutCoding(headers), 'accept')

function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => (headers[at - (at % 2)] as string).toLowerCase() !== name)
}
