/**
 * Builds the console and the documentation: the files that browsers load, already compressed. Builds are cached by a
 * digest of their sources, so that only the first start after a change builds anything.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { cachedBuild, digestOf, root } from './build-cache.ts'
import { licencesOf } from './licences.ts'

const SMALLEST = 1024
/** What the console shares with the command line and the server. */
const SHARED = [
  ...['audit-kinds', 'audit-sentence'].map((name) => `src/domain/audit/${name}.ts`),
  ...['html-text', 'search-page'].map((name) => `src/http/pages/${name}.ts`),
]
const OWN_SCRIPTS = ['build-cache', 'console', 'documents', 'licences', 'markdown'].map(
  (name) => `scripts/${name}.ts`,
)

/** Writes the console's files to a folder. */
export async function buildConsole(folder: string): Promise<void> {
  // Imported on demand, since most starts build nothing.
  const [{ build }, { writeDocuments }] = await Promise.all([import('vite'), import('./documents.ts')])
  const modules = new Set<string>()
  await build({
    root: join(root, 'console'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
    plugins: [
      {
        name: 'note-modules',
        generateBundle(_options, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type === 'chunk') for (const id of chunk.moduleIds) modules.add(id)
          }
        },
      },
    ],
  })
  writeFileSync(join(folder, 'third-party-licenses.txt'), licencesOf([...modules]))
  writeDocuments(folder)
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.png$|^search-index$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  // Compression runs on several threads, because it takes as long as everything else.
  await Promise.all(written.map(compress))
}

async function compress(file: string): Promise<void> {
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

/** The folder of the console for the current sources; built if they have changed. */
export function consoleOfSources(): Promise<string> {
  return cachedBuild(`console-${digestOfConsole()}`, buildConsole)
}

export function digestOfConsole(): string {
  return digestOf(['package-lock.json', ...OWN_SCRIPTS, ...SHARED, ...sources()])
}

function sources(): string[] {
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
