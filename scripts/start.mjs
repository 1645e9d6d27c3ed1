/** Starts Sluice from its bundled sources; Node's compile cache is kept for the next start. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { keepLittleMemory } from './little-memory.mjs'

keepLittleMemory()
// Only now, not to load them twice.
const { bundleOfSources } = await import('./bundle.mjs')
const { watchNpm } = await import('./npm-watch.mjs')

// A server that is stopping already takes no notice; a command that does not listen for it ends as by a signal.
watchNpm('start', () => process.emit('parent-gone') || process.kill(process.pid, 'SIGTERM'))
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sluice/compiled', import.meta.url)))
await import(pathToFileURL(await bundleOfSources()).href)
