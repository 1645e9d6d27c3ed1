import type { Kysely } from 'kysely'
import type { Epoch, EpochStore } from '../../domain/records/epoch.ts'
import type { Tables } from './tables.ts'

export function createEpochRecord(db: Kysely<Tables>): Pick<EpochStore, 'read' | 'advance'> {
  return {
    async read() {
      const row = await db.selectFrom('cluster').select(['epoch', 'redis_id']).executeTakeFirstOrThrow()
      return { number: row.epoch, sessionStoreID: row.redis_id ?? undefined }
    },
    async advance() {
      await db
        .updateTable('cluster')
        .set((each) => ({ epoch: each('epoch', '+', 1) }))
        .execute()
    },
  }
}

/** To be run in a transaction that no change runs beside. */
export async function beginEpoch(db: Kysely<Tables>, sessionStoreID: string): Promise<Epoch> {
  const present = await createEpochRecord(db).read()
  if (present.sessionStoreID === sessionStoreID) return present
  const number = present.number + 1
  await db.updateTable('cluster').set({ epoch: number, redis_id: sessionStoreID }).execute()
  return { number, sessionStoreID }
}
