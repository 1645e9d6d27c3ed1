/**
 * Puts the sources and the packages that they import into a few files. Node reads them in half the time that
 * a thousand small ones take, and strips no types.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const kept = join(root, 'node_modules/.cache/sluice')
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
    writeFileSync(join(folder, 'third-party-licenses.txt'), licences(modules))
  } finally {
    await bundle.close()
  }
}

/** The bundle of the sources as they are; it is written when they have changed. Gives the path of `main.js`. */
export async function bundleOfSources() {
  const folder = join(kept, `bundle-${digestOfSources()}`)
  const main = join(folder, 'main.js')
  if (existsSync(main)) return main
  // Two that start at once each write one, and one of the two is kept.
  const unfinished = `${folder}.${process.pid}`
  await bundle(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  removeOld(folder)
  return main
}

/** What changes when a source does, without reading them all. */
function digestOfSources() {
  const digest = createHash('sha256')
  for (const path of ['package.json', 'package-lock.json', 'scripts/bundle.mjs', ...sources()]) {
    const { mtimeMs, size } = statSync(join(root, path))
    digest.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return digest.digest('hex').slice(0, 16)
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
    if (!name.startsWith('bundle-') || folder === current) continue
    if (Date.now() - statSync(folder).mtimeMs > HOUR_MS) rmSync(folder, { recursive: true, force: true })
  }
}

function licences(modules) {
  const packages = new Set()
  for (const id of modules) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id.replaceAll('\\', '/'))
    if (name) packages.add(id.slice(0, name.index + name[0].length))
  }
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : license
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join('\n----\n\n')
}
