/** Writes what documents say by the code: docs/configuration.md, and the table of powerful acts in docs/security.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { configurationDocument } from '../src/config/document.ts'
import { withPowerfulActs } from './powerful-acts-table.ts'

const docs = new URL('../docs/', import.meta.url)
const security = new URL('security.md', docs)
writeFileSync(new URL('configuration.md', docs), configurationDocument())
writeFileSync(security, withPowerfulActs(readFileSync(security, 'utf8')))
