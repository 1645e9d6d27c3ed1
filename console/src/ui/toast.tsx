/** Short messages, such as "Saved"; read out by screen readers, and hidden after a while. */
import { useSyncExternalStore } from 'react'

interface Toast {
  readonly id: number
  readonly text: string
}

let toasts: readonly Toast[] = []
let count = 0
const listeners = new Set<() => void>()
const SHOWN_MS = 5000

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function say(text: string): void {
  count += 1
  const id = count
  change([...toasts, { id, text }])
  setTimeout(() => change(toasts.filter((each) => each.id !== id)), SHOWN_MS)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <div key={id} className="toast">
          {text}
        </div>
      ))}
    </div>
  )
}
