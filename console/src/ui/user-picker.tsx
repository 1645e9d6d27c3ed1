/** Finds a user by a part of the name. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import { people } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { useSettled } from './use-settled.ts'

export interface Picked {
  readonly id: string
  readonly name: string
}

export function UserPicker({
  label,
  placeholder,
  picked,
  onPick,
  leaveOut,
}: {
  label: string
  placeholder?: string
  picked: Picked | undefined
  onPick: (user: Picked | undefined) => void
  leaveOut?: ReadonlySet<string>
}) {
  const [text, setText] = useState(picked?.name ?? '')
  const search = useSettled(picked?.name === text ? '' : text)
  const { data } = useQuery(people(search, 0))
  const users = (data?.users ?? []).filter(({ id }) => !leaveOut?.has(id))
  return (
    <ComboBox
      className="field"
      items={users}
      inputValue={text}
      onInputChange={(next) => {
        setText(next)
        if (next === '') onPick(undefined)
      }}
      selectedKey={picked?.id ?? null}
      onSelectionChange={(key) => {
        const user = users.find(({ id }) => id === key)
        if (!user) return
        setText(user.name)
        onPick(user)
      }}
      allowsEmptyCollection
      menuTrigger="focus"
      // The server has searched already.
      defaultFilter={() => true}
    >
      <Label>{label}</Label>
      <Input className="input" placeholder={placeholder ?? texts.people.search} />
      <Popover className="popover" style={{ width: 'var(--trigger-width)' }}>
        <ListBox
          className="menu"
          renderEmptyState={() => <p className="option muted">{texts.people.empty}</p>}
        >
          {(user: Picked) => (
            <ListBoxItem id={user.id} textValue={user.name} className="option">
              {user.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
