/**
 * Bundles the sources and the packages that they import into a few files. Node loads them in half the time of a
 * thousand small ones, and has no types to strip.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const nameOfBundle = () => `bundle-${digestOfSources()}`

/**
 * The bundle of the sources as they are, with the console beside it; it is written when they have changed. Gives
 * the path of `main.js`. A process of its own writes it: the bundler takes half a gigabyte, which a server that runs in
 * the same process would keep for its whole life.
 */
export async function bundleOfSources() {
  const main = join(kept, nameOfBundle(), 'main.js')
  if (!existsSync(main)) await writeElsewhere(main)
  return main
}

/** Writes the bundle of the sources in this process. */
export async function writeBundleOfSources() {
  await keptFolder(nameOfBundle(), async (unfinished) => {
    const [consoleFolder] = await Promise.all([consoleOfSources(), bundle(unfinished)])
    cpSync(consoleFolder, join(unfinished, 'console'), { recursive: true })
    removeOld([unfinished, consoleFolder])
  })
}

/** Has the bundle written by another process. A signal that ends this process meanwhile ends that one, too. */
async function writeElsewhere(main) {
  const script = fileURLToPath(new URL('write-bundle.mjs', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = (signal) => {
    child.kill(signal)
    process.exit(128 + constants.signals[signal])
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, end)
  // It says when it is done. To wait for its end would take longer, until the system has its memory back.
  for await (const _said of child.stdout) if (existsSync(main)) break
  for (const signal of signals) process.off(signal, end)
  if (!existsSync(main)) process.exit(1)
}

function digestOfSources() {
  const own = [
    'package.json',
    'package-lock.json',
    'scripts/bundle.mjs',
    'scripts/kept.mjs',
    'scripts/little-memory.mjs',
  ]
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
