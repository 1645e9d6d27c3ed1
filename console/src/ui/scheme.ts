/** Light or dark: as the system has it, unless the person chose. The choice is all that is kept in the browser. */
export type Scheme = 'system' | 'light' | 'dark'

const KEY = 'sluice-scheme'

export function chosenScheme(): Scheme {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

export function applyScheme(scheme: Scheme = chosenScheme()): void {
  if (scheme === 'system') delete document.documentElement.dataset.scheme
  else document.documentElement.dataset.scheme = scheme
}

export function chooseScheme(scheme: Scheme): void {
  applyScheme(scheme)
  try {
    if (scheme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, scheme)
  } catch {
    // A browser that keeps nothing forgets it at the next visit.
  }
}
