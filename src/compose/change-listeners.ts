import type { ID } from '../domain/base/id.ts'

type ChangeListener = (affected: ReadonlySet<ID> | 'everybody') => void

/** What is composed after the domain hears of its changes too. */
export function createChangeListeners() {
  const listeners: ChangeListener[] = []
  return {
    add: (listener: ChangeListener) => void listeners.push(listener),
    tell(affected: ReadonlySet<ID> | 'everybody') {
      for (const listener of listeners) listener(affected)
    },
  }
}
