/** Ctrl-K: finds users, organizations, tokens, pages and actions, by what the signed-in user may do. */
import {
  Combobox,
  ComboboxGroup,
  ComboboxGroupLabel,
  ComboboxItem,
  ComboboxList,
  ComboboxProvider,
} from '@ariakit/react/combobox'
import { Dialog } from '@ariakit/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { organizations, tokens, usersFound } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { ranked } from '../ui/ranked.ts'
import type { Rights } from '../ui/rights.ts'
import { useRights } from '../ui/use-rights.ts'
import { useSettled } from '../ui/use-settled.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  /** Distinguishes records with the same label, such as the owner and the organization of a token. */
  readonly detail?: string | undefined
  /** An address of this console. */
  readonly to?: string
  act?(): void
}

interface Group {
  readonly id: keyof typeof texts.palette.groups
  readonly commands: readonly Command[]
}

const MOST = 6

export function Palette({
  pages,
  actions,
  onClose,
}: {
  pages: readonly Command[]
  actions: readonly Command[]
  onClose: () => void
}) {
  const router = useRouter()
  const rights = useRights()
  const [text, setText] = useState('')
  const { groups, isSearching } = useFound(text, rights, pages, actions)
  const { palette } = texts

  function choose({ to, act }: Command): void {
    onClose()
    if (to) router.navigate({ href: to })
    act?.()
  }

  return (
    <Dialog
      open
      aria-label={palette.title}
      className="palette"
      onClose={onClose}
      backdrop={false}
      getPersistentElements={() => document.querySelectorAll('.toasts, .session-bar')}
      render={(props) => (
        <div className="veil">
          <div {...props} />
        </div>
      )}
    >
      <ComboboxProvider value={text} setValue={setText} open focusLoop>
        <div className="palette-field">
          <Icon name="search" />
          <Combobox
            autoSelect="always"
            autoFocus
            data-autofocus
            aria-label={palette.title}
            placeholder={rights.operator ? palette.placeholder : palette.placeholderOwn}
          />
        </div>
        <ComboboxList alwaysVisible className="palette-list" aria-label={palette.results}>
          {groups.map(({ id, commands }) => (
            <ComboboxGroup key={id}>
              <ComboboxGroupLabel className="palette-group">{palette.groups[id]}</ComboboxGroupLabel>
              {commands.map((command) => (
                <ComboboxItem
                  key={command.id}
                  className="option"
                  value={command.label}
                  setValueOnClick={false}
                  hideOnClick={false}
                  focusOnHover
                  blurOnHoverEnd={false}
                  onClick={() => choose(command)}
                >
                  <span className="palette-name">
                    <Icon name={command.icon} size={18} />
                    <bdi>{command.label}</bdi>
                  </span>
                  {command.detail && <span className="muted small">{command.detail}</span>}
                </ComboboxItem>
              ))}
            </ComboboxGroup>
          ))}
        </ComboboxList>
        <p className="palette-none muted" role="status" hidden={groups.length > 0}>
          {groups.length === 0 && (isSearching ? palette.searching : palette.none(text.trim()))}
        </p>
        <p className="palette-keys muted small" aria-hidden="true">
          <kbd>↑</kbd> <kbd>↓</kbd> {palette.move} <kbd>Enter</kbd> {palette.choose} <kbd>Esc</kbd>{' '}
          {texts.close}
        </p>
      </ComboboxProvider>
    </Dialog>
  )
}

/** What matches the text. Records are searched once it has two characters. */
function useFound(
  text: string,
  rights: Rights,
  pages: readonly Command[],
  actions: readonly Command[],
): { groups: readonly Group[]; isSearching: boolean } {
  const settled = useSettled(text).trim()
  const enabled = settled.length > 1
  const users = useQuery({ ...usersFound(settled, MOST), enabled: enabled && rights.operator })
  const orgs = useQuery({ ...organizations, enabled })
  const ofTokens = useQuery({ ...tokens, enabled })
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (...names: (string | undefined)[]) => {
    const name = names.join(' ').toLowerCase()
    return words.every((word) => name.includes(word))
  }
  const isTyped = text.trim().length > 1
  const groups: Group[] = [
    { id: 'pages', commands: pages.filter(({ label }) => matches(label)) },
    { id: 'actions', commands: actions.filter(({ label }) => matches(label)) },
    {
      id: 'users',
      commands: ranked(isTyped ? users.data : [], text, ({ id, name }) => ({ id, label: name })).map(
        ({ id, name }) => ({ id, label: name, icon: 'people', to: `/people/${id}` }),
      ),
    },
    {
      id: 'organizations',
      commands: ranked(isTyped ? orgs.data : [], text, ({ id, name }) => ({ id, label: name })).map(
        ({ id, name }) => ({ id, label: name, icon: 'organizations', to: `/organizations/${id}` }),
      ),
    },
    {
      id: 'tokens',
      commands: ranked(isTyped ? ofTokens.data : [], text, ({ id, description, user, org }) => ({
        ...{ id, label: description ?? '', more: `${user} ${org}` },
      })).map(({ id, description, user, org }) => ({
        ...{ id, icon: 'tokens' as const, to: `/tokens/${id}`, detail: `${user} · ${org}` },
        label: description || id,
      })),
    },
  ]
  return {
    groups: groups.filter(({ commands }) => commands.length > 0),
    isSearching:
      isTyped && (settled !== text.trim() || users.isLoading || orgs.isLoading || ofTokens.isLoading),
  }
}
