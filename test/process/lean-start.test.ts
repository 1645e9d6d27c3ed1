/** A plain start loads no code that only other starts need. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { temporaryFolder } from '../support/folder.ts'
import { startSluice } from './sluice.ts'

/** Writes at the end of a process what it has loaded: Node's own modules, and files of packages. */
const PROBE = `
  import { writeFileSync } from 'node:fs'
  import { Module } from 'node:module'
  process.on('exit', () => {
    const loaded = [...process.moduleLoadList, ...Object.keys(Module._cache)]
    writeFileSync(process.env.LOADED, loaded.join('\\n'))
  })
`

async function loadedBy(t: TestContext, settings?: string): Promise<string> {
  const folder = temporaryFolder()
  const [probe, loaded] = [join(folder, 'probe.mjs'), join(folder, 'loaded')]
  writeFileSync(probe, PROBE)
  if (settings !== undefined) writeFileSync(join(folder, 'sluice.yaml'), settings)
  const server = await startSluice(t, ['--store', 'memory'], {
    folder,
    env: { NODE_OPTIONS: `--import=${pathToFileURL(probe).href}`, LOADED: loaded },
  })
  assert.equal((await fetch(`${server.url}/health`)).status, 200)
  await server.stop()
  return readFileSync(loaded, 'utf8')
}

test('a start loads neither the YAML parser nor the fetch of Node, and a YAML file the parser', async (t) => {
  const plain = await loadedBy(t)
  assert.ok(plain.includes('NativeModule http\n'))
  // Not by assert.doesNotMatch: its message would have all that was loaded.
  assert.deepEqual(
    plain.split('\n').filter((each) => /undici|node_modules\/yaml\//.test(each)),
    [],
  )
  assert.ok((await loadedBy(t, 'log-level: debug\n')).includes('node_modules/yaml/'))
})
