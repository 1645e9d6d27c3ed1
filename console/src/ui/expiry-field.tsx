import { serverNow } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { SelectField, TextField } from './field.tsx'

const DAY_MS = 86_400_000

/** A number of days, `date`, `never`, or empty for no change; and the chosen date in the form of the field. */
export interface Expiry {
  readonly choice: string
  readonly date: string
}

/** The chosen time (RFC 3339): of a date its end in the local zone. `never`; undefined for no change or no date. */
export function endOfExpiry({ choice, date }: Expiry): string | undefined {
  if (choice === 'never' || choice === '') return choice || undefined
  if (choice !== 'date') return new Date(serverNow() + Number(choice) * DAY_MS).toISOString()
  const day = new Date(`${date}T00:00`)
  if (Number.isNaN(day.getTime())) return undefined
  day.setDate(day.getDate() + 1)
  return day.toISOString()
}

export function ExpiryField({
  value,
  current,
  latest,
  hint,
  onChange,
}: {
  value: Expiry
  /** What stands for no change; there is none for a new token. */
  current?: string
  /** The latest time that may be chosen: milliseconds since 1970. */
  latest?: number
  hint?: string | undefined
  onChange: (value: Expiry) => void
}) {
  const { expiries } = texts.tokens
  const fits = ([choice]: (typeof expiries)[number]) =>
    latest === undefined || choice === 'date' || serverNow() + Number(choice) * DAY_MS < latest
  const dayOf = (ms: number) =>
    new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  return (
    <>
      <SelectField
        label={texts.tokens.expiry}
        hint={hint}
        value={value.choice}
        onChange={(event) => onChange({ ...value, choice: event.target.value })}
      >
        {current !== undefined && <option value="">{current}</option>}
        {expiries.filter(fits).map(([each, label]) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </SelectField>
      {value.choice === 'date' && (
        <TextField
          label={texts.tokens.expiryDate}
          hint={texts.tokens.expiryDateHint}
          type="date"
          required
          min={dayOf(serverNow())}
          max={
            latest === undefined || latest > Date.parse('9999-01-01') ? '9998-12-31' : dayOf(latest - DAY_MS)
          }
          value={value.date}
          onChange={(event) => onChange({ ...value, date: event.target.value })}
        />
      )}
    </>
  )
}
