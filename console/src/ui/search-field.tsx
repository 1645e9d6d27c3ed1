import { TextField } from './field.tsx'

/** The search field of a list whose state is in the address. */
export function SearchField({
  label,
  placeholder,
  list: { typed, type },
}: {
  label: string
  placeholder?: string
  list: { readonly typed: string; type(text: string): void }
}) {
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      type="search"
      autoComplete="off"
      maxLength={100}
      value={typed}
      onChange={(event) => type(event.target.value)}
    />
  )
}
