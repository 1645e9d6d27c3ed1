import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ID } from '../../src/domain/base/id.ts'
import type { PageRequest } from '../../src/domain/base/paging.ts'
import type { IdentityStore } from '../../src/domain/records/identity-store.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { ALL, idOf, idsOf, opened } from './records.conformance.ts'

interface Listed {
  /** Adds the record with this id. */
  add(number: number): Promise<boolean>
  list(page: PageRequest): Promise<{ id: ID }[]>
}

/** Pages of a list in id order. */
export function describePages(open: OpenIdentityStore, of: (store: IdentityStore) => Listed): void {
  test('pages: in id order whatever the order of addition, both ways, continuing after an id', async (t) => {
    const { add, list } = of(await opened(t, open))
    for (const number of [3, 1, 5, 2, 6]) assert.equal(await add(number), true)
    const asked = async (page: Partial<PageRequest>) => idsOf(await list({ ...ALL, ...page }))
    const expected: [Partial<PageRequest>, number[]][] = [
      [{}, [1, 2, 3, 5, 6]],
      [{ descending: true }, [6, 5, 3, 2, 1]],
      [{ limit: 2 }, [1, 2]],
      [{ limit: 2, offset: 1 }, [2, 3]],
      [{ offset: 4 }, [6]],
      [{ offset: 5 }, []],
      [{ after: idOf(2) }, [3, 5, 6]],
      [{ after: idOf(2), descending: true }, [1]],
      [{ after: idOf(2), limit: 1, offset: 1 }, [5]],
      [{ after: idOf(6) }, []],
      // An id that no record has, or no longer.
      [{ after: idOf(4) }, [5, 6]],
      [{ after: idOf(4), descending: true }, [3, 2, 1]],
    ]
    for (const [page, numbers] of expected) {
      assert.deepEqual(await asked(page), numbers.map(idOf), JSON.stringify(page))
    }
  })
}
