/**
 * Bundles the sources and the packages that they import into a few files. Node loads them in half the time of a
 * thousand small ones, and has no types to strip.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedBuild, cacheFolder, digestOf, root } from './build-cache.ts'
import { buildConsole, consoleOfSources, digestOfConsole } from './console.ts'
import { licencesOf } from './licences.ts'

const HOUR_MS = 3_600_000

/** Not bundled: native code, and packages that are loaded on demand. */
const EXTERNAL = ['@node-rs/bcrypt', '@zxcvbn-ts/language-common', 'pino-pretty']

/**
 * What stands in the bundle for modules whose loading costs a start much for nothing:
 * - `import` of `node:http` reads each of its exports, and that of `WebSocket` loads Node's whole `fetch` (some 95 ms);
 *   `require` reads none.
 * - `@fastify/swagger` loads the YAML parser for a form of the document that Sluice does not offer.
 */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['node:http', "module.exports = require('node:http')"],
  ['yaml', "module.exports = { get stringify() { return require('yaml').stringify } }"],
])

const STANDS_IN = /^\0stand-in:(.*)\.cjs$/

const LEAN_LOADING = {
  name: 'lean-loading',
  resolveId(id: string, importer = '') {
    const module = id === 'http' ? 'node:http' : id
    if (!STAND_INS.has(module)) return undefined
    return STANDS_IN.test(importer) ? { id: module, external: true } : `\0stand-in:${module}.cjs`
  },
  load: (id: string) => STAND_INS.get(STANDS_IN.exec(id)?.[1] ?? ''),
}

/** By name, the entry points of what is published. */
const PUBLISHED = { main: 'src/main.ts' }
/** `npm start` runs `npm-start.js`. */
const STARTED = { ...PUBLISHED, 'npm-start': 'scripts/npm-start.ts' }

/** Writes a file for each entry point, their chunks and the licences of the bundled packages to a folder. */
async function bundle(folder: string, entries: Readonly<Record<string, string>>): Promise<void> {
  // Imported on demand, since most starts need no bundler.
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
    platform: 'node',
    external: EXTERNAL,
    plugins: [LEAN_LOADING],
    // Warnings concern code inside packages; an import that does not resolve is an error anyway.
    logLevel: 'silent',
  })
  try {
    const { output } = await bundle.write({ dir: folder, format: 'esm' })
    // Without it Node parses each file to find out whether it is a module, since no package.json of ours is above a cache.
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
    const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    writeFileSync(join(folder, 'third-party-licenses.txt'), licencesOf(modules))
  } finally {
    await bundle.close()
  }
}

/** Builds what is published: the server and the console. */
export async function bundleAll(folder: string): Promise<void> {
  await bundle(folder, PUBLISHED)
  await buildConsole(join(folder, 'console'))
}

const nameOfBundle = () => `bundle-${digestOfSources()}`

/**
 * Bundles the current sources and the console, unless the cache has this bundle. Returns the path of the file that
 * `npm start` runs. A separate process writes the bundle, because the bundler takes half a gigabyte, which a server in the
 * same process would never give back.
 */
export async function bundleOfSources(): Promise<string> {
  const entry = join(cacheFolder, nameOfBundle(), 'npm-start.js')
  if (!existsSync(entry)) await writeInOtherProcess(entry)
  return entry
}

/** Writes the bundle of the sources in this process. */
export async function writeBundleOfSources(): Promise<void> {
  await cachedBuild(nameOfBundle(), async (unfinished) => {
    const [consoleFolder] = await Promise.all([consoleOfSources(), bundle(unfinished, STARTED)])
    cpSync(consoleFolder, join(unfinished, 'console'), { recursive: true })
    removeOldBuilds([unfinished, consoleFolder])
  })
}

/** Starts a process that writes the bundle. A signal that ends this process meanwhile ends that one, too. */
async function writeInOtherProcess(entry: string): Promise<void> {
  const script = fileURLToPath(new URL('write-bundle.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    process.exit(128 + constants.signals[signal])
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  // The process reports on its output that the bundle is written. Its exit comes later: freeing its memory takes time.
  for await (const _report of child.stdout) if (existsSync(entry)) break
  for (const signal of signals) process.off(signal, end)
  if (!existsSync(entry)) process.exit(1)
}

function digestOfSources(): string {
  const scripts = ['build-cache', 'bundle', 'licences', 'npm-start', 'npm-watch']
  const own = ['package.json', 'package-lock.json', ...scripts.map((name) => `scripts/${name}.ts`)]
  return digestOf([...own, ...sources()], digestOfConsole())
}

function sources(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

/** Removes builds of older sources, except recent ones, from which a server may be starting. */
function removeOldBuilds(current: readonly string[]): void {
  for (const name of readdirSync(cacheFolder)) {
    const folder = join(cacheFolder, name)
    if (!/^(bundle|console)-/.test(name) || current.includes(folder)) continue
    if (Date.now() - statSync(folder).mtimeMs > HOUR_MS) rmSync(folder, { recursive: true, force: true })
  }
}
