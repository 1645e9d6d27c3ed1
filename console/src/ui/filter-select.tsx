import { SelectField } from './field.tsx'

/** A select that filters a list. Its first option, `any`, has the value '' and filters nothing. */
export function FilterSelect({
  label,
  any,
  options,
  value,
  onChange,
}: {
  label: string
  any: string
  options: readonly (readonly [value: string, label: string])[]
  value: string | undefined
  onChange: (value: string) => void
}) {
  return (
    <SelectField label={label} value={value ?? ''} onChange={(event) => onChange(event.target.value)}>
      <option value="">{any}</option>
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </SelectField>
  )
}
