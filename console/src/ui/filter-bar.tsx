import { type ReactNode, useId, useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'

/** The search field and the filters above a list. On a phone the filters are behind a button. */
export function FilterBar({
  search,
  count,
  beside,
  onClear,
  children,
}: {
  search: ReactNode
  /** How many filters are set. */
  count: number
  /** More controls in the row of the search field. */
  beside?: ReactNode
  /** Undefined if there is nothing to clear. */
  onClear: (() => void) | undefined
  children: ReactNode
}) {
  const id = useId()
  const [open, setOpen] = useState(false)
  return (
    <div className="filter-bar">
      <div className="row">
        <div className="grow">{search}</div>
        <Button className="phone" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {texts.filters(count)}
        </Button>
        {beside}
        {onClear && (
          <Button look="plain" onClick={onClear}>
            {texts.clearFilters}
          </Button>
        )}
      </div>
      <div className="filters" id={id} data-open={open}>
        {children}
      </div>
    </div>
  )
}
