/** `sluice import influxdb`: takes over the identities of an InfluxDB 2.x. */
import { resolve } from 'node:path'
import { openImporter } from '../compose/import.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type { SettingsOf } from '../config/shapes/names.ts'
import { boolean, path, text } from '../config/shapes/setting.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { ForeignRecords } from '../domain/import/foreign-records.ts'
import { fetchBackup } from '../import/influxd/fetch-backup.ts'
import { readMetadata } from '../import/influxd/metadata.ts'
import { MetadataError } from '../import/influxd/metadata-row.ts'
import { readBoltFile } from '../import/influxd/read-file.ts'
import { command, type Invocation } from './frame/command.ts'
import { importJson, importText } from './import-report.ts'
import { read as readServerSettings } from './load.ts'
import type { Io } from './terminal/io.ts'
import { screenOf } from './terminal/screen.ts'
import { escaped } from './terminal/table.ts'

const flags = [
  text({ name: 'from', secret: true, placeholder: 'URL', about: 'The URL of a running InfluxDB 2.x.' }),
  path({ name: 'token-file', about: 'A file that holds an operator token of that InfluxDB.' }),
  path({ name: 'bolt-path', about: 'The bolt file of a stopped InfluxDB 2.x.' }),
  boolean({ name: 'add', default: false, about: 'Adds what is new to data that is here.' }),
  boolean({ name: 'dry-run', default: false, about: 'Only shows what would come and what would not.' }),
  boolean({ name: 'json', default: false, about: 'Prints the report as JSON.' }),
] as const

type Given = SettingsOf<typeof flags>

const USAGE =
  'usage: sluice import influxdb --from URL --token-file FILE | --bolt-path FILE [--add] [--dry-run] [--json]'

export const importInfluxdb = command({
  name: 'import influxdb',
  about: 'Take over the users, organizations and tokens of InfluxDB 2',
  details: 'From a running one with --from and --token-file, or from a stopped one with --bolt-path.',
  flags,
  settings: ['store', 'sqlite-path', 'config-path'],
  everySetting: true,
  ownOutput: true,
  example: 'sluice import influxdb --from http://localhost:8087 --token-file token.txt',
  run: importFrom,
})

async function importFrom(invocation: Invocation<typeof flags>): Promise<number> {
  const { flags: given, io } = invocation
  const settings = readServerSettings(invocation)
  if ((given.from === undefined) === (given.boltPath === undefined)) throw new ConfigurationError(USAGE)
  if (settings.store === 'memory') {
    throw new ConfigurationError('a store in memory keeps nothing; name another one with --store')
  }
  try {
    await run(given, settings, io)
    return 0
  } catch (error) {
    const isRefusal = error instanceof MetadataError || isExpected(error)
    if (!isRefusal) throw error
    io.stderr.write(`sluice: ${escaped((error as Error).message)}; nothing was imported\n`)
    return 1
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'unprocessable entity'
}

async function run(given: Given, settings: Settings, io: Io): Promise<void> {
  const foreign = await read(given, io)
  const { add, dryRun, json } = given
  const importer = await openImporter(settings, dryRun)
  try {
    const report = await importer.run(foreign, { add, dryRun })
    const about = { ...report, dryRun, about: importer.about }
    io.stdout.write(json ? importJson(about) : importText(about, screenOf(io)))
  } finally {
    await importer.close()
  }
}

/** Reads everything before the store is opened, so that a bad source leaves no trace. */
async function read({ from, tokenFile, boltPath }: Given, io: Io): Promise<ForeignRecords> {
  if (boltPath !== undefined) return readMetadata(await readBoltFile(resolve(io.cwd, boltPath)))
  if (tokenFile === undefined) throw new ConfigurationError(`--from needs --token-file; ${USAGE}`)
  return readMetadata(await fetchBackup({ url: sourceUrl(from ?? ''), token: tokenOf(tokenFile, io) }))
}

function sourceUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  // The value is not repeated: it may hold a password.
  if (!url || !isHttp || url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      '--from must be a URL without user and password, such as http://localhost:8086',
    )
  }
  return url
}

function tokenOf(path: string, io: Io): string {
  const token = io.readFile(path).trim()
  // Checked here, because the error of fetch for an invalid header would contain the token.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ConfigurationError(`${path} does not hold a token`)
  return token
}
