/**
 * `npm start`: bundles the sources if they have changed, and runs the bundle. Node strips the types of this file and keeps
 * 17 MB for it, so the server must not stay in this process: `main.js` replaces it by a process that runs only the
 * bundle (see src/memory-settings.ts).
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Enabled before the other scripts are loaded: the cache spares their next start the stripping of types, too.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sluice/compiled', import.meta.url)))
const { bundleOfSources } = await import('./bundle.ts')
const { watchNpm } = await import('./npm-watch.ts')

const stopWatching = watchNpm('start', () => process.kill(process.pid, 'SIGTERM'))
const entry = await bundleOfSources()
stopWatching()
// Written now, because a process that is replaced does not write its cache at exit.
flushCompileCache()
// The script that the replacement runs.
process.argv[1] = entry
await import(pathToFileURL(entry).href)
