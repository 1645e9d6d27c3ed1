import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { texts } from '../texts/all.ts'
import { OrganizationLink, UserLink } from '../ui/links.tsx'
import { type Action, ActionMenu } from '../ui/menu.tsx'
import type { Rights } from '../ui/rights.ts'
import { SortHeader } from '../ui/sort-header.tsx'
import { Ago } from '../ui/time.tsx'
import type { TokenAct } from '../ui/token-actions.tsx'
import { TokenBadge } from '../ui/token-badge.tsx'
import { isSelectable, nameOf, type Token, tokenRights } from '../ui/token-state.ts'
import { useRights } from '../ui/use-rights.ts'
import { sortOf, type TokenSort } from './token-list.ts'

const { tokens: words } = texts

export const COLUMNS: readonly (readonly [TokenSort, string])[] = [
  ['description', words.description],
  ['owner', words.owner],
  ['org', words.org],
  ['lastUsed', words.lastUsed],
  ['expires', words.expires],
  ['status', words.status],
]

type OnAct = (act: TokenAct | 'on', token: Token) => void

export function TokenTable({
  tokens,
  selected,
  sort: asked,
  hasOwners,
  onSelect,
  onSort,
  onAct,
}: {
  /** Those of one page. */
  tokens: readonly Token[]
  selected: ReadonlySet<string>
  sort: string | undefined
  hasOwners: boolean
  onSelect: (ids: ReadonlySet<string>) => void
  onSort: (sort: string) => void
  onAct: OnAct
}) {
  const rights = useRights()
  const changeable = tokens.filter((token) => isSelectable(token, rights))
  const { sort } = sortOf(asked)

  function select(ids: readonly string[], isSelected: boolean): void {
    const next = new Set(selected)
    for (const id of ids) {
      if (isSelected) next.add(id)
      else next.delete(id)
    }
    onSelect(next)
  }

  return (
    <div className="table-wrap">
      <table className="cards tokens">
        <thead>
          <tr>
            {changeable.length > 0 && (
              <th className="select">
                <SelectPage
                  chosen={changeable.filter(({ id }) => selected.has(id)).length}
                  of={changeable.length}
                  onChange={(isSelected) =>
                    select(
                      changeable.map(({ id }) => id),
                      isSelected,
                    )
                  }
                />
              </th>
            )}
            {COLUMNS.filter(([column]) => column !== 'owner' || hasOwners).map(([column, label]) => (
              <SortHeader key={column} column={column} label={label} sort={sort} onSort={onSort} />
            ))}
            <th>
              <span className="hidden">{texts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} className="hover">
              {changeable.length > 0 && (
                <td className="select">
                  {changeable.includes(token) && (
                    <input
                      type="checkbox"
                      aria-label={words.select(nameOf(token))}
                      checked={selected.has(token.id)}
                      onChange={(event) => select([token.id], event.target.checked)}
                    />
                  )}
                </td>
              )}
              <td className="name">
                <Link to="/tokens/$id" params={{ id: token.id }} className="strong">
                  {nameOf(token)}
                </Link>
              </td>
              {hasOwners && (
                <td data-label={words.owner}>
                  <UserLink id={token.userID} name={token.user} />
                </td>
              )}
              <td data-label={words.org}>
                <OrganizationLink token={token} />
              </td>
              <td data-label={words.lastUsed} className="time">
                <Ago at={token.lastUsedAt} />
              </td>
              <td data-label={words.expires} className="time">
                <Ago at={token.expiresAt} />
              </td>
              <td data-label={words.status}>
                <TokenBadge token={token} />
              </td>
              <td className="end">
                <Actions token={token} rights={rights} onAct={onAct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Actions({ token, rights, onAct }: { token: Token; rights: Rights; onAct: OnAct }) {
  const may = tokenRights(rights, token)
  const isActive = token.status === 'active'
  const action = (id: TokenAct | 'on', label: string, isAllowed: boolean): Action[] =>
    isAllowed ? [{ id, label, bad: id === 'delete', act: () => onAct(id, token) }] : []
  const groups = [
    [
      ...action('edit', words.edit, may.change),
      ...(isActive ? action('off', words.off, may.disable) : action('on', words.on, may.give)),
      ...action('rotate', words.rotate, may.give),
    ],
    action('delete', words.delete, may.remove),
  ].filter((group) => group.length > 0)
  return groups.length > 0 && <ActionMenu label={words.actions(nameOf(token))} groups={groups} />
}

function SelectPage({
  chosen,
  of,
  onChange,
}: {
  chosen: number
  of: number
  onChange: (isSelected: boolean) => void
}) {
  const box = useRef<HTMLInputElement>(null)
  const isPart = chosen > 0 && chosen < of
  useEffect(() => {
    if (box.current) box.current.indeterminate = isPart
  }, [isPart])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={words.selectPage}
      checked={chosen === of}
      onChange={(event) => onChange(event.target.checked)}
    />
  )
}
