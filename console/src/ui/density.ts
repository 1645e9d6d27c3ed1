/** How close the rows of lists are. The browser keeps the choice, as it does the theme. */
const KEY = 'sluice-density'

export function isCompact(): boolean {
  try {
    return localStorage.getItem(KEY) === 'compact'
  } catch {
    return false
  }
}

export function applyDensity(compact = isCompact()): void {
  if (compact) document.documentElement.dataset.density = 'compact'
  else delete document.documentElement.dataset.density
}

export function chooseCompact(compact: boolean): void {
  applyDensity(compact)
  try {
    if (compact) localStorage.setItem(KEY, 'compact')
    else localStorage.removeItem(KEY)
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}
