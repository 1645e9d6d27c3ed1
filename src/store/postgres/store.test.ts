import { suite } from 'node:test'
import { describeIdentityStore } from '../../../test/store-conformance/identity-store.ts'
import { emptied, emptyDatabase, withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { openPostgresStore } from './open.ts'

suite('on a real PostgreSQL', { skip: withoutPostgres }, () => {
  let database: Promise<string> | undefined
  describeIdentityStore('PostgreSQL', async () => {
    database ??= emptyDatabase()
    const url = await emptied(await database)
    return openPostgresStore({ url, poolSize: 5, timeoutMs: 5000 })
  })
})
