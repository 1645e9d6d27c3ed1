/** The secret of a one-time link, which stands in the fragment of the address. */
import { useEffect, useState } from 'react'

/**
 * The secret of the present address; empty without one. It is removed from the address, so that neither the history nor
 * a copied address has it. Another link to the same page, which browsers open without loading it again, does load it.
 */
export function useLinkToken(): string {
  const [token] = useState(() => location.hash.slice(1))
  useEffect(() => {
    history.replaceState(history.state, '', location.pathname)
    const onOther = () => location.reload()
    addEventListener('hashchange', onOther)
    return () => removeEventListener('hashchange', onOther)
  }, [])
  return token
}
