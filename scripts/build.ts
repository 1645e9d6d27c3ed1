/** Writes the JavaScript that is published. */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleAll } from './bundle.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
rmSync(dist, { recursive: true, force: true })
await bundleAll(dist)
