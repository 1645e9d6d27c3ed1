import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'

/** Previous and next buttons for a list with a known total. */
export function Pager({
  page,
  size,
  total,
  onPage,
}: {
  page: number
  size: number
  total: number
  onPage: (page: number) => void
}) {
  const from = page * size + 1
  const to = Math.min(total, from + size - 1)
  return (
    <div className="pager">
      <span className="muted small" aria-live="polite">
        {texts.page(Math.min(from, total), to, total)}
      </span>
      {total > size && (
        <div className="actions">
          <Button small disabled={page === 0} onClick={() => onPage(page - 1)}>
            {texts.previous}
          </Button>
          <Button small disabled={to >= total} onClick={() => onPage(page + 1)}>
            {texts.next}
          </Button>
        </div>
      )}
    </div>
  )
}
