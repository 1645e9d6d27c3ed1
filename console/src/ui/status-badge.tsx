import { texts } from '../texts/all.ts'

export function StatusBadge({ status }: { status: string }) {
  return status === 'active' ? (
    <span className="badge good">{texts.active}</span>
  ) : (
    <span className="badge warn">{texts.inactive}</span>
  )
}
