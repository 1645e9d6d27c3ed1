/**
 * Keyboard shortcuts. Those of a single character can be switched off, because speech input may trigger them (WCAG 2.2,
 * 2.1.4).
 */

const KEY = 'sluice-single-keys'

export function usesSingleKeys(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export function chooseSingleKeys(use: boolean): void {
  try {
    if (use) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, 'off')
  } catch {
    // Without storage they stay on.
  }
}

export type Shortcut = 'palette' | 'search' | 'keys'

/** The shortcut of a key press, unless it is text for a field or a dialog is open. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target, isComposing } = event
  if (isComposing || document.querySelector('[role="dialog"], [role="alertdialog"]')) return undefined
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') return 'palette'
  if (ctrlKey || metaKey || altKey || !usesSingleKeys() || isForText(target)) return undefined
  if (key === '/') return 'search'
  return key === '?' ? 'keys' : undefined
}

function isForText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, [role="menu"]') !== null
}

/** Focuses the search field of the page; `false` if it has none. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
  field?.focus()
  field?.select()
  return field !== null
}
