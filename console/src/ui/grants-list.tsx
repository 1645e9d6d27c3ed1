/** A user's permissions by source: each source, with its permissions in words. */
import { Link } from '@tanstack/react-router'
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { type Names, permissionWords } from './permission-words.ts'
import { useNames } from './use-names.ts'

type Grant = Shapes['Grant']

/** Longer lists are collapsed. */
const SHOWN = 4

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
  const orgIDs = grants.flatMap(({ kind, permissions }) =>
    kind === 'token'
      ? permissions.map(
          ({ resource }) => (resource.type === 'buckets' && resource.id && resource.orgID) || '',
        )
      : [],
  )
  const names = useNames([...new Set(orgIDs)].filter(Boolean))
  return (
    <ul className="lines">
      {grants.map((grant) => (
        <li
          key={`${grant.kind} ${grant.resource?.id ?? grant.authorization?.id ?? ''}`}
          className="stack-small"
        >
          <p className="strong">
            <Reason grant={grant} ofOther={ofOther} />
          </p>
          <Summary grant={grant} />
          <PermissionList
            permissions={grant.permissions}
            names={names}
            self={self}
            ofOther={ofOther}
            collapsed={grant.resource?.type === 'orgs'}
          />
        </li>
      ))}
    </ul>
  )
}

function Reason({
  grant: { kind, role, resource, authorization },
  ofOther,
}: {
  grant: Grant
  ofOther: boolean
}) {
  const { reasons } = texts
  if (kind === 'token') return <>{reasons.token(authorization?.description ?? '')}</>
  if (kind === 'self' || !resource) return <>{ofOther ? texts.people.access : reasons.self}</>
  const name = resource.name || resource.id
  const what =
    resource.type === 'instance'
      ? reasons.instance
      : resource.type === 'buckets'
        ? reasons.bucket(name)
        : name
  const reason = (role === 'owner' ? reasons.owner : reasons.member)(what)
  if (resource.type !== 'orgs') return <>{reason}</>
  return (
    <Link to="/organizations/$id" params={{ id: resource.id }}>
      {reason}
    </Link>
  )
}

/** A summary of a role in an organization; the single permissions follow below it. */
function Summary({ grant: { role, resource } }: { grant: Grant }) {
  if (resource?.type !== 'orgs') return null
  const { ownerOf, memberOf } = texts.permissions
  return <p>{(role === 'owner' ? ownerOf : memberOf)(resource.name || resource.id)}.</p>
}

export function PermissionList({
  permissions,
  names,
  self,
  ofOther = false,
  collapsed = false,
}: {
  permissions: Shapes['Permission'][]
  names: Names
  self?: string | undefined
  ofOther?: boolean
  /** Whether the whole list is collapsed at first. */
  collapsed?: boolean
}) {
  const words = permissionWords(permissions, names, ofOther ? undefined : self)
  const items = (from: number, to?: number) =>
    words.slice(from, to).map(({ verb, thing }) => (
      <li key={thing}>
        <span className="muted">{verb}</span> {thing}
      </li>
    ))
  if (collapsed) {
    return (
      <details className="quiet small">
        <summary>{texts.permissions.list(words.length)}</summary>
        <ul className="permission-list">{items(0)}</ul>
      </details>
    )
  }
  if (words.length <= SHOWN + 1) return <ul className="permission-list">{items(0)}</ul>
  return (
    <div>
      <ul className="permission-list">{items(0, SHOWN)}</ul>
      <details className="quiet">
        <summary>{texts.permissions.more(words.length - SHOWN)}</summary>
        <ul className="permission-list">{items(SHOWN)}</ul>
      </details>
    </div>
  )
}
