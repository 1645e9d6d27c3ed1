/** Permissions by organization and resource; what a user may do, with the reasons on demand. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { resourceTypes } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { plural } from '../texts/words.ts'
import { type Grant, type Group, groupsOf, type Reason, type Row } from './permission-groups.ts'
import { useNames } from './use-names.ts'

/** Longer lists of resources are collapsed. */
const SHOWN = 8

export function GrantsList({
  grants,
  self,
  ofOther = false,
}: {
  grants: readonly Grant[]
  /** The id of the user. */
  self: string | undefined
  ofOther?: boolean
}) {
  return <Groups groups={useGroups(grants, self)} ofOther={ofOther} />
}

/** The permissions of one token. `self`: the id of its owner. */
export function PermissionList({
  permissions,
  self,
  isLinked = true,
}: {
  permissions: Grant['permissions']
  self?: string | undefined
  /** Whether organizations are links. */
  isLinked?: boolean
}) {
  const groups = useGroups([{ kind: 'token', permissions }], self)
  return <Groups groups={groups} ofOther hasReasons={false} isLinked={isLinked} />
}

function useGroups(grants: readonly Grant[], self: string | undefined): Group[] {
  const orgIDs = grants.flatMap(({ kind, permissions }) =>
    kind === 'token'
      ? permissions.flatMap(({ resource: { type, id, orgID, name } }) =>
          type === 'buckets' && id && orgID && !name ? [orgID] : [],
        )
      : [],
  )
  const names = useNames([...new Set(orgIDs)])
  const types = (useQuery(resourceTypes).data ?? []).filter((type) => type !== 'instance')
  return groupsOf(grants, { names, types, self })
}

function Groups({
  groups,
  ofOther,
  hasReasons = true,
  isLinked = true,
}: {
  groups: readonly Group[]
  ofOther: boolean
  hasReasons?: boolean
  isLinked?: boolean
}) {
  return (
    <ul className="lines">
      {groups.map((group) => (
        <li key={group.place} className="access">
          <h3>
            <Place group={group} ofOther={ofOther} isLinked={isLinked} />
            {group.role && (
              <span className="badge">
                {group.role === 'owner' ? texts.organizations.owner : texts.organizations.member}
              </span>
            )}
          </h3>
          <ul>
            {group.rows.map((row) => (
              <li key={`${row.kind} ${row.access}`}>
                <span className="muted">{texts.permissions[row.access]}</span>
                <Things row={row} />
                {hasReasons && <Reasons reasons={row.reasons} ofOther={ofOther} />}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function Place({
  group: { place, title, isReadable },
  ofOther,
  isLinked,
}: {
  group: Group
  ofOther: boolean
  isLinked: boolean
}) {
  if (place === 'self' && ofOther) return texts.permissions.ownerAccount
  if (place in texts.permissions.places || !isLinked) return title
  if (!isReadable) return `${texts.organizations.one} ${title}`
  return (
    <Link to="/organizations/$id" params={{ id: place }}>
      {title}
    </Link>
  )
}

function Things({ row: { kind, things } }: { row: Row }) {
  const all = [...things]
  const label =
    kind.startsWith('of ') &&
    kind !== 'of users' &&
    texts.permissions.types[kind.slice(3)]?.[all.length > 1 ? 1 : 0]
  const shown = all.length > SHOWN + 1 ? SHOWN : all.length
  return (
    <div>
      {label && `${label} `}
      <span className={label ? 'strong' : undefined}>{all.slice(0, shown).join(', ')}</span>
      {shown < all.length && (
        <details className="quiet small">
          <summary>{texts.permissions.more(all.length - shown)}</summary>
          <p>{all.slice(shown).join(', ')}</p>
        </details>
      )}
    </div>
  )
}

function Reasons({ reasons, ofOther }: { reasons: readonly Reason[]; ofOther: boolean }) {
  const tokens = reasons.filter(({ grant }) => grant.kind === 'token').length
  const others = reasons.flatMap(({ grant }) => (grant.kind === 'token' ? [] : [reasonOf(grant, ofOther)]))
  const summary = [
    ...others,
    ...(tokens > 0 ? [plural(tokens, texts.tokens.one, texts.tokens.many)] : []),
  ].join(' · ')
  if (tokens === 0) return <span className="muted small">{summary}</span>
  return (
    <details className="quiet small">
      <summary>{summary}</summary>
      {/* A long list scrolls, so the keyboard must reach it. */}
      <ul tabIndex={reasons.length > SHOWN ? 0 : undefined}>
        {reasons.map(({ grant, things }) => (
          <li key={`${grant.kind} ${grant.resource?.id ?? grant.authorization?.id ?? ''}`}>
            {grant.authorization ? (
              <>
                <Link to="/tokens/$id" params={{ id: grant.authorization.id }}>
                  {reasonOf(grant, ofOther)}
                </Link>{' '}
                <span className="muted">{few([...things])}</span>
              </>
            ) : (
              reasonOf(grant, ofOther)
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

function few(things: readonly string[]): string {
  const shown = things.length > 4 ? 3 : things.length
  return [
    ...things.slice(0, shown),
    ...(shown < things.length ? [texts.permissions.more(things.length - shown)] : []),
  ].join(', ')
}

function reasonOf({ kind, role, resource, authorization, providers }: Grant, ofOther: boolean): string {
  const { reasons } = texts
  if (kind === 'token') return reasons.token(authorization?.description ?? '')
  if (kind === 'self' || !resource) return ofOther ? texts.permissions.ownerAccount : reasons.self
  const name = resource.name || resource.id
  const what =
    resource.type === 'instance'
      ? reasons.instance
      : resource.type === 'buckets'
        ? reasons.bucket(name)
        : name
  const said = (role === 'owner' ? reasons.owner : reasons.member)(what)
  return providers
    ? reasons.provided(
        said,
        providers.map((each) => `${each.name}, ${each.group}`),
      )
    : said
}
