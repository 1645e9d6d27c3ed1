/** The first user of an upstream: `root`, organization `o1`, bucket `b1`. */
import { send } from '../http.ts'

export const ROOT = { name: 'root', password: 'correct horse', org: 'o1', bucket: 'b1' } as const

export interface SetUp {
  readonly userID: string
  readonly orgID: string
  readonly bucketID: string
}

export async function setUp(url: string, token: string): Promise<SetUp> {
  const { name: username, ...rest } = ROOT
  const body = JSON.stringify({ username, ...rest, token })
  const { status, json, text } = await send(url, { method: 'POST', path: '/api/v2/setup', body })
  if (status !== 201) throw new Error(`setup answered ${status} ${text}`)
  return { userID: json.user.id, orgID: json.org.id, bucketID: json.bucket.id }
}
