/** The entry point of the bundle that `npm start` runs: Sluice, which here ends when npm ends. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { watchNpm } from './npm-watch.ts'

// A server stops gracefully on `parent-gone`, and ignores it if it is stopping already. Commands do not listen for it.
watchNpm('start', () => process.emit('parent-gone' as never) || process.kill(process.pid, 'SIGTERM'))
// From the folder of the bundle. All bundles share the cache.
enableCompileCache(fileURLToPath(new URL('../compiled', import.meta.url)))
await import('../src/main.ts')
