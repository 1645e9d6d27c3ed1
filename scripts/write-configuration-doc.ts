/** Writes docs/configuration.md from the schema of settings. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { configurationDocument } from '../src/config/document.ts'

const docs = new URL('../docs/', import.meta.url)
mkdirSync(docs, { recursive: true })
writeFileSync(new URL('configuration.md', docs), configurationDocument())
