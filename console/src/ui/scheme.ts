/** Light or dark theme: the system's, unless the user chose one. The browser keeps it, as it does the shortcuts. */
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
    // Without storage, the choice lasts until the page is closed.
  }
}
