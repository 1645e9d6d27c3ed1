/** Starts Sluice from its bundled sources; Node's compile cache is kept for the next start. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleOfSources } from './bundle.mjs'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sluice/compiled', import.meta.url)))
await import(pathToFileURL(await bundleOfSources()).href)
