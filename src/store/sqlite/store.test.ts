import { join } from 'node:path'
import { temporaryFolder } from '../../test-folder.ts'
import { describeIdentityStore } from '../identity-store.conformance.ts'
import { openMemoryStore, openSqliteStore } from './open.ts'

describeIdentityStore('SQLite in memory', openMemoryStore)

describeIdentityStore('SQLite in a file', () => openSqliteStore(join(temporaryFolder(), 'data.sqlite')))
