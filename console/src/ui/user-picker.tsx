/** Finds a user by a part of the name. */
import {
  Combobox,
  ComboboxItem,
  ComboboxLabel,
  ComboboxPopover,
  ComboboxProvider,
} from '@ariakit/react/combobox'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
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
  const name = picked?.name
  // The name of one that was picked elsewhere may come later.
  useEffect(() => {
    if (name !== undefined) setText(name)
  }, [name])
  const search = useSettled(picked?.name === text ? '' : text)
  const { data } = useQuery(people(search, 0))
  const users = (data?.users ?? []).filter(({ id }) => !leaveOut?.has(id))
  return (
    <ComboboxProvider
      value={text}
      setValue={(next) => {
        setText(next)
        if (next === '') onPick(undefined)
      }}
      selectedValue={picked?.name ?? ''}
      setSelectedValue={(name) => {
        const user = users.find((each) => each.name === name)
        if (user) onPick(user)
      }}
    >
      <div className="field">
        <ComboboxLabel>{label}</ComboboxLabel>
        <Combobox
          className="input"
          placeholder={placeholder ?? texts.people.search}
          autoSelect={text !== '' && picked?.name !== text}
        />
      </div>
      <ComboboxPopover className="popover menu" fixed sameWidth unmountOnHide gutter={8} aria-label={label}>
        {users.length === 0 && <p className="option muted">{texts.people.empty}</p>}
        {users.map(({ id, name }) => (
          <ComboboxItem key={id} value={name} className="option">
            {name}
          </ComboboxItem>
        ))}
      </ComboboxPopover>
    </ComboboxProvider>
  )
}
