/** Pages whose scripts load on demand, and what happens if they cannot be loaded. */
import { lazyRouteComponent } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { addressOf } from '../api/base.ts'
import { asProblem, Problem } from '../api/problem.ts'
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

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 30_000

/**
 * The error to show, and a function that tries again. As long as the server cannot be reached, it is also tried by
 * itself: when the browser says that it is online, and again and again, because the browser says so before requests
 * succeed, and says nothing if it was the server that was away.
 */
export function useRetry(
  error: unknown,
  retry: () => Promise<void>,
): readonly [unknown, () => Promise<void>] {
  const [failed, setFailed] = useState(error)
  const isUnreachable = asProblem(failed).status === 0

  useEffect(() => {
    if (!isUnreachable) return
    let wait = FIRST_WAIT_MS
    let timer = setTimeout(again, wait)
    async function again(): Promise<void> {
      clearTimeout(timer)
      wait = Math.min(2 * wait, LONGEST_WAIT_MS)
      timer = setTimeout(again, wait)
      await retry().catch(setFailed)
    }
    addEventListener('online', again)
    return () => {
      clearTimeout(timer)
      removeEventListener('online', again)
    }
  }, [isUnreachable, retry])

  return [failed, () => retry().catch(setFailed)]
}

async function requireServer(): Promise<void> {
  try {
    await fetch(addressOf('/favicon.svg'), { method: 'HEAD', cache: 'no-store' })
  } catch {
    throw new Problem(texts.errors.unreachable, { status: 0 })
  }
}
