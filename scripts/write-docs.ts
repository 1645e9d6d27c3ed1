/** Updates the generated parts of documents: commands, settings, powerful actions, and the map of folders. */
import { readFileSync, writeFileSync } from 'node:fs'
import { COMMAND_SET } from '../src/cli/commands.ts'
import { commandsDocument } from '../src/cli/frame/reference.ts'
import { configurationDocument } from '../src/config/document.ts'
import { withFolderMap } from './folder-map.ts'
import { withPowerfulActs } from './powerful-acts-table.ts'
import { withStatements } from './statements-table.ts'

const docs = new URL('../docs/', import.meta.url)

function rewrite(name: string, made: (document: string) => string): void {
  const url = new URL(name, docs)
  writeFileSync(url, made(readFileSync(url, 'utf8')))
}

writeFileSync(new URL('commands.md', docs), commandsDocument(COMMAND_SET))
writeFileSync(new URL('configuration.md', docs), configurationDocument())
rewrite('security.md', withPowerfulActs)
rewrite('architecture.md', withFolderMap)
rewrite('databases.md', withStatements)
