import { useState } from 'react'

/** Runs an action, and reports whether it is running and its error. */
export function useAct<Args extends unknown[]>(act: (...args: Args) => Promise<unknown>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return {
    busy,
    error,
    clear: () => setError(undefined),
    async run(...args: Args): Promise<boolean> {
      setBusy(true)
      setError(undefined)
      try {
        await act(...args)
        return true
      } catch (failed) {
        setError(failed)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
