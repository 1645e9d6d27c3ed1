/** Records what a server has acknowledged, and makes writes that are recorded. */
import { randomInt } from 'node:crypto'
import { send } from '../support/http.ts'
import { bearer, post, type SetUp } from './api.ts'

export interface Ledger {
  readonly operatorToken: string
  readonly orgID: string
  readonly userID: string
  acknowledged: number
  /** By id, the last acknowledged name; undefined once deleted, in doubt while a change is in progress. */
  readonly users: Map<string, { name: string | undefined; inDoubt: boolean }>
  /** Names that were requested, answered or not. */
  readonly attempted: Set<string>
  readonly tokens: Map<string, { id: string; works: boolean; inDoubt: boolean }>
}

export function createLedger({ token, orgID, userID }: SetUp): Ledger {
  const owner = { operatorToken: token, orgID, userID }
  return { ...owner, acknowledged: 0, users: new Map(), attempted: new Set(['ada']), tokens: new Map() }
}

let made = 0

/** Makes one write of a random kind; throws if there is no response. */
export async function write(url: string, ledger: Ledger): Promise<void> {
  const kinds = [createUser, createUser, renameUser, deleteUser, createToken, deleteToken]
  await kinds[randomInt(kinds.length)]?.(url, ledger)
}

function newName(ledger: Ledger): string {
  made += 1
  const name = `user ${made}`
  ledger.attempted.add(name)
  return name
}

function acknowledge(ledger: Ledger, status: number, expected: number): void {
  if (status !== expected) throw new Error(`${status} instead of ${expected}`)
  ledger.acknowledged += 1
}

async function createUser(url: string, ledger: Ledger): Promise<void> {
  const name = newName(ledger)
  const { status, json } = await post(url, '/api/v2/users', bearer(ledger.operatorToken), { name })
  acknowledge(ledger, status, 201)
  ledger.users.set(json.id, { name, inDoubt: false })
}

/** Changes one of the newest users, which is in doubt from the request until the response. */
async function changeUser(
  url: string,
  ledger: Ledger,
  change: { method: string; body?: string; expected: number; name: string | undefined },
): Promise<void> {
  const free = [...ledger.users].slice(-50).filter(([, { name, inDoubt }]) => name !== undefined && !inDoubt)
  const [id, user] = free[randomInt(Math.max(free.length, 1))] ?? []
  if (!id || !user) return
  user.inDoubt = true
  const { method, body, expected, name } = change
  const headers = bearer(ledger.operatorToken)
  const { status } = await send(url, { method, path: `/api/v2/users/${id}`, headers, body })
  acknowledge(ledger, status, expected)
  ledger.users.set(id, { name, inDoubt: false })
}

function renameUser(url: string, ledger: Ledger): Promise<void> {
  const name = newName(ledger)
  return changeUser(url, ledger, { method: 'PATCH', body: JSON.stringify({ name }), expected: 200, name })
}

function deleteUser(url: string, ledger: Ledger): Promise<void> {
  return changeUser(url, ledger, { method: 'DELETE', expected: 204, name: undefined })
}

async function createToken(url: string, ledger: Ledger): Promise<void> {
  const { orgID, userID } = ledger
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const body = { orgID, userID, permissions }
  const { status, json } = await post(url, '/api/v2/authorizations', bearer(ledger.operatorToken), body)
  acknowledge(ledger, status, 201)
  ledger.tokens.set(json.token, { id: json.id, works: true, inDoubt: false })
}

async function deleteToken(url: string, ledger: Ledger): Promise<void> {
  const free = [...ledger.tokens].filter(([, { works, inDoubt }]) => works && !inDoubt)
  const [token, kept] = free[randomInt(Math.max(free.length, 1))] ?? []
  if (!token || !kept) return
  kept.inDoubt = true
  const path = `/api/v2/authorizations/${kept.id}`
  const { status } = await send(url, { method: 'DELETE', path, headers: bearer(ledger.operatorToken) })
  acknowledge(ledger, status, 204)
  ledger.tokens.set(token, { ...kept, works: false, inDoubt: false })
}
