/** Writes the bundle of the sources: what `bundleOfSources` runs, so that the bundler's memory goes with its process. */
import { writeBundleOfSources } from './bundle.mjs'

await writeBundleOfSources()
process.stdout.write('done\n')
