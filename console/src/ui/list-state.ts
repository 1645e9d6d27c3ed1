/** The state of a list in the page's address: page, search, sort and filters survive a reload, Back and a sent link. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ListSearch } from './list-search.ts'

export interface ListState<Filter extends string> {
  /** From 0. */
  readonly page: number
  /** The text in the search field; the URL is updated when typing pauses. */
  readonly typed: string
  /** The text to search for, from the URL. */
  readonly search: string
  setPage(page: number): void
  type(text: string): void
  /** Changes filters or the sort order, and goes to the first page. An empty text or undefined clears one. */
  change(more: { readonly [K in Filter | 'sort']?: string | undefined }): void
  /** Clears the search and all filters. */
  clear(): void
}

/**
 * The items of one page of a list that is loaded as a whole. The page may have become empty after a deletion; then it is
 * the last one. `asked` and the result's `page` count from 0.
 */
export function pageOf<T>(all: readonly T[], asked: number, size: number): { page: number; shown: T[] } {
  const page = Math.min(asked, Math.max(0, Math.ceil(all.length / size) - 1))
  return { page, shown: all.slice(page * size, (page + 1) * size) }
}

const SETTLED_MS = 180

/** `current` is the route's own `useSearch()`. Another page of the list can be left with Back; filters replace. */
export function useListState<Filter extends string>(current: ListSearch<Filter>): ListState<Filter> {
  const navigate = useNavigate()
  const search = current.search ?? ''
  const [typed, setTyped] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isTyping = useRef(false)

  // Back, or a link to the same page, changes the address from outside, and the field follows.
  useEffect(() => {
    if (!isTyping.current) setTyped(search)
  }, [search])
  useEffect(() => () => clearTimeout(timer.current), [])

  function go(more: Record<string, string | undefined>, replace: boolean): void {
    navigate({
      to: '.',
      replace,
      search: (before: Record<string, unknown>) =>
        Object.fromEntries(Object.entries({ ...before, ...more }).filter(([, value]) => value)),
    } as Parameters<typeof navigate>[0])
  }

  function stopTyping(): void {
    clearTimeout(timer.current)
    isTyping.current = false
  }

  return {
    page: Number(current.page ?? '1') - 1,
    ...{ typed, search },
    setPage: (page) => go({ page: page === 0 ? undefined : String(page + 1) }, false),
    type(text) {
      setTyped(text)
      stopTyping()
      isTyping.current = true
      timer.current = setTimeout(() => {
        isTyping.current = false
        go({ search: text.trim() || undefined, page: undefined }, true)
      }, SETTLED_MS)
    },
    change: (more) => go({ ...more, page: undefined } as Record<string, string | undefined>, true),
    clear() {
      stopTyping()
      setTyped('')
      navigate({ to: '.', search: {}, replace: true } as Parameters<typeof navigate>[0])
    },
  }
}
