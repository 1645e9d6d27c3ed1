import { join } from 'node:path'
import { describeIdentityStore } from '../../../test/store-conformance/identity-store.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { openMemoryStore, openSqliteStore } from './open.ts'

describeIdentityStore('SQLite in memory', openMemoryStore)

describeIdentityStore('SQLite in a file', () => openSqliteStore(join(temporaryFolder(), 'data.sqlite')))
