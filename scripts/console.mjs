/**
 * Builds the console and the documentation: the files that browsers load, compressed ahead. What was built is kept
 * by a digest of its sources, so that only the first start after a change builds anything.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { digestOf, keptFolder, root } from './kept.mjs'
import { licencesOf } from './licences.mjs'

const SMALLEST = 1024
/** What the console says of events is what the command line says. */
const SHARED = ['audit-kinds', 'audit-sentence'].map((name) => `src/domain/audit/${name}.ts`)
const OWN_SCRIPTS = ['console', 'documents', 'kept', 'markdown'].map((name) => `scripts/${name}.mjs`)

/** Writes the console's files to a folder. */
export async function buildConsole(folder) {
  // Only here, since most starts build nothing.
  const [{ build }, { writeDocuments }] = await Promise.all([import('vite'), import('./documents.mjs')])
  const modules = new Set()
  await build({
    root: join(root, 'console'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
    plugins: [
      {
        name: 'note-modules',
        generateBundle(_options, bundle) {
          for (const chunk of Object.values(bundle)) for (const id of chunk.moduleIds ?? []) modules.add(id)
        },
      },
    ],
  })
  writeFileSync(join(folder, 'third-party-licenses.txt'), licencesOf([...modules]))
  writeDocuments(folder)
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.png'))
    .map((entry) => join(entry.parentPath, entry.name))
  // On several threads; it takes as long as the rest.
  await Promise.all(written.map(compress))
}

async function compress(file) {
  const content = readFileSync(file)
  if (content.length < SMALLEST) return
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(content, { params: quality }),
    promisify(gzip)(content, { level: 9 }),
  ])
  writeFileSync(`${file}.br`, brotli)
  writeFileSync(`${file}.gz`, gzipped)
}

/** The console of the sources as they are, built where they have changed. Gives its folder. */
export function consoleOfSources() {
  return keptFolder(`console-${digestOfConsole()}`, buildConsole)
}

export function digestOfConsole() {
  return digestOf(['package-lock.json', ...OWN_SCRIPTS, ...SHARED, ...sources()])
}

function sources() {
  const own = ['index.html', 'package.json', 'tsconfig.json', 'vite.config.ts'].map(
    (name) => `console/${name}`,
  )
  const within = ['console/src', 'console/public', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  return [...own, 'README.md', 'CHANGELOG.md', ...within.sort()]
}
