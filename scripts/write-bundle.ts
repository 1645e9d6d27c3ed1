/** Writes the bundle of the sources. `bundleOfSources` runs it as a process, whose exit frees the bundler's memory. */
import { writeBundleOfSources } from './bundle.ts'

await writeBundleOfSources()
process.stdout.write('done\n')
