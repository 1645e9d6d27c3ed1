/**
 * Bundles the sources and the packages that they import into a few files. Node loads them in half the time of a
 * thousand small ones, and has no types to strip.
 */
import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildConsole, consoleOfSources, digestOfConsole } from './console.mjs'
import { digestOf, kept, keptFolder, root } from './kept.mjs'
import { licencesOf } from './licences.mjs'

const HOUR_MS = 3_600_000

/** Not bundled: native code, and packages that are loaded on demand. */
const EXTERNAL = ['@node-rs/bcrypt', '@zxcvbn-ts/language-common', 'pino-pretty']

/** Writes `main.js`, its chunks and the licences of the bundled packages to a folder. */
export async function bundle(folder) {
  // Imported on demand, since most starts need no bundler.
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: join(root, 'src/main.ts'),
    platform: 'node',
    external: EXTERNAL,
    // Warnings concern code inside packages; an import that does not resolve is an error anyway.
    logLevel: 'silent',
  })
  try {
    const { output } = await bundle.write({ dir: folder, format: 'esm' })
    const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    writeFileSync(join(folder, 'third-party-licenses.txt'), licencesOf(modules))
  } finally {
    await bundle.close()
  }
}

/** Builds what is published: the server and the console. */
export async function bundleAll(folder) {
  await bundle(folder)
  await buildConsole(join(folder, 'console'))
}

/** The bundle of the current sources with the console; built if they have changed. Returns the path of `main.js`. */
export async function bundleOfSources() {
  const folder = await keptFolder(`bundle-${digestOfSources()}`, async (unfinished) => {
    const [consoleFolder] = await Promise.all([consoleOfSources(), bundle(unfinished)])
    cpSync(consoleFolder, join(unfinished, 'console'), { recursive: true })
    removeOld([unfinished, consoleFolder])
  })
  return join(folder, 'main.js')
}

function digestOfSources() {
  const own = ['package.json', 'package-lock.json', 'scripts/bundle.mjs', 'scripts/kept.mjs']
  return digestOf([...own, ...sources()], digestOfConsole())
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

/** Removes bundles of older sources, except recent ones, from which a server may be starting. */
function removeOld(current) {
  for (const name of readdirSync(kept)) {
    const folder = join(kept, name)
    if (!/^(bundle|console)-/.test(name) || current.includes(folder)) continue
    if (Date.now() - statSync(folder).mtimeMs > HOUR_MS) rmSync(folder, { recursive: true, force: true })
  }
}
