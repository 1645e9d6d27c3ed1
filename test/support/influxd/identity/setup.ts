/** First-run setup, and the tables of every new organization. */
import { randomBytes } from 'node:crypto'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, json, sentJSON } from '../core/exchange.ts'
import { operatorPermissions } from '../core/permissions.ts'
import { openRoute, type Route } from '../core/router.ts'
import { nowText } from '../core/state.ts'
import { shownAuthorization } from './authorizations.ts'
import { makeBucket, shownBucket } from './buckets.ts'
import { makeOrganization, shownOrganization } from './organizations.ts'
import { checkPassword, makeUser, shownUser } from './users.ts'

export const SETUP_ROUTES: readonly Route[] = [
  openRoute('GET', '/api/v2/setup', ({ state }) => json(200, { allowed: state.users.size === 0 })),
  openRoute('POST', '/api/v2/setup', setUp),
]

function setUp(exchange: Exchange): Answer {
  const { state } = exchange
  if (state.users.size > 0) throw new InfluxError('conflict', 'onboarding has already been completed')
  const sent = sentJSON(exchange)
  const missing = ['username', 'org', 'bucket'].filter((name) => !sent[name])
  if (missing.length > 0) {
    const fields = missing.join(',')
    throw new InfluxError('unprocessable entity', `onboarding failed: missing required fields [${fields}]`)
  }
  if (sent.password) checkPassword(sent.password)
  const user = makeUser(state, sent.username, sent.password)
  const org = makeOrganization(state, sent.org)
  state.memberships.push(
    { userID: user.id, resourceType: 'orgs', resourceID: org.id, role: 'owner' },
    { userID: user.id, resourceType: 'instance', resourceID: '0000000000000001', role: 'owner' },
  )
  const bucket = makeBucket(state, {
    orgID: org.id,
    name: sent.bucket,
    retentionSeconds: sent.retentionPeriodSeconds ?? 0,
  })
  const now = nowText()
  const authorization = {
    id: state.nextID(),
    token: sent.token || randomBytes(64).toString('base64url'),
    status: 'active' as const,
    description: `${user.name}'s Token`,
    orgID: org.id,
    userID: user.id,
    permissions: operatorPermissions(),
    createdAt: now,
    updatedAt: now,
  }
  state.authorizations.set(authorization.id, authorization)
  return json(201, {
    user: shownUser(user),
    bucket: shownBucket(state, bucket),
    org: shownOrganization(org),
    auth: shownAuthorization(state, authorization, authorization.token),
  })
}
