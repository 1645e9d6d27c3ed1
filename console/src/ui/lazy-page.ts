/** Pages whose scripts load on demand, and what happens if they cannot be loaded. */
import { lazyRouteComponent } from '@tanstack/react-router'
import { Problem } from '../api/problem.ts'
import { addressOf } from '../base.ts'
import { texts } from '../texts/entry.ts'

/**
 * A page by the function that imports it. If the server cannot be reached, the page fails with a message; the router
 * would reload, and the browser show its own error. If the server answers but has other scripts, after an upgrade, the
 * router reloads.
 */
export const page: typeof lazyRouteComponent = (importer, name) =>
  lazyRouteComponent(() => reached(importer), name)

/** What the function imports; throws a `Problem` if the server cannot be reached. */
export async function reached<T>(importer: () => Promise<T>): Promise<T> {
  try {
    return await importer()
  } catch (error) {
    await requireServer()
    throw error
  }
}

/** Reloads the page in the browser if the server can be reached; otherwise throws a `Problem`. */
export async function retryPage(): Promise<void> {
  await requireServer()
  location.reload()
}

async function requireServer(): Promise<void> {
  try {
    await fetch(addressOf('/favicon.svg'), { method: 'HEAD', cache: 'no-store' })
  } catch {
    throw new Problem(texts.errors.unreachable, { status: 0 })
  }
}
