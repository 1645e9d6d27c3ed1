/** Finds a user by a part of the name, or by id, because only operators may search. */
import {
  Combobox,
  ComboboxItem,
  ComboboxLabel,
  ComboboxPopover,
  ComboboxProvider,
} from '@ariakit/react/combobox'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { usersFound } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { useSettled } from './use-settled.ts'

export interface Picked {
  readonly id: string
  readonly name: string
}

const SHOWN = 25

const ID = /^[0-9a-f]{16}$/

/** The matching users; a typed id is offered as it is, and the server resolves it. */
function choicesOf(users: readonly Picked[], text: string): readonly Picked[] {
  const id = text.trim().toLowerCase()
  return users.length === 0 && ID.test(id) ? [{ id, name: id }] : users
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
  // The name of a user preselected by a link may arrive later.
  useEffect(() => {
    if (name !== undefined) setText(name)
  }, [name])
  const search = useSettled(picked?.name === text ? '' : text)
  // The most that the server gives, because many may be left out.
  const { data } = useQuery(usersFound(search, 100))
  const found = choicesOf(data ?? [], text)
  const users = found.filter(({ id }) => !leaveOut?.has(id)).slice(0, SHOWN)
  // By name: the list may have changed between a click on an option and the calls that it leads to.
  const offered = useRef(new Map<string, Picked>())
  for (const user of users) offered.current.set(user.name, user)
  return (
    <ComboboxProvider
      value={text}
      setValue={(next) => {
        setText(next)
        // The picked user must always be the one named in the field.
        const user = offered.current.get(next)
        if (user || (picked && picked.name !== next)) onPick(user)
      }}
      selectedValue={picked?.name ?? ''}
      setSelectedValue={(name) => {
        const user = offered.current.get(name)
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
        {users.length === 0 && (
          <p className="option muted">{found.length > 0 ? texts.people.allKnown : texts.people.emptyOrID}</p>
        )}
        {users.map(({ id, name }) => (
          <ComboboxItem key={id} value={name} className="option">
            {name}
          </ComboboxItem>
        ))}
      </ComboboxPopover>
    </ComboboxProvider>
  )
}
