/**
 * Puts the sources and the packages that they import into a few files. Node reads them in half the time that
 * a thousand small ones take, and strips no types.
 */
import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildConsole, consoleOfSources, digestOfConsole } from './console.mjs'
import { digestOf, kept, keptFolder, root } from './kept.mjs'
import { licencesOf } from './licences.mjs'

const HOUR_MS = 3_600_000

/** Left outside: machine code, and what is loaded only where it is used. */
const EXTERNAL = ['@node-rs/bcrypt', '@zxcvbn-ts/language-common', 'pino-pretty']

/** Writes `main.js`, its chunks and the licences of what is in them to a folder. */
export async function bundle(folder) {
  // Only here, since most starts need no bundler.
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: join(root, 'src/main.ts'),
    platform: 'node',
    external: EXTERNAL,
    // A warning is of a package's own code; what does not resolve is an error without it.
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

/** What is published: the server, and the console beside it. */
export async function bundleAll(folder) {
  await bundle(folder)
  await buildConsole(join(folder, 'console'))
}

/**
 * The bundle of the sources as they are, with the console beside it; it is written when they have changed. Gives
 * the path of `main.js`.
 */
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

/** Those of sources that are no more; not the young ones, from which a server may just be starting. */
function removeOld(current) {
  for (const name of readdirSync(kept)) {
    const folder = join(kept, name)
    if (!/^(bundle|console)-/.test(name) || current.includes(folder)) continue
    if (Date.now() - statSync(folder).mtimeMs > HOUR_MS) rmSync(folder, { recursive: true, force: true })
  }
}
