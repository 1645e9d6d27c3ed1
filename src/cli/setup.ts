import { ConfigurationError } from '../config/configuration-error.ts'
import { readSettings } from '../config/load.ts'
import { schema } from '../config/settings.ts'
import { duration, text } from '../config/shapes/setting.ts'
import { createPrompt, type Io } from './io.ts'
import { answer, asUrl, hostFlag, hostOf } from './remote.ts'
import { escaped } from './table.ts'

const flags = [
  hostFlag,
  text({ name: 'username', about: 'The first user.' }),
  text({ name: 'org', about: 'The first organization.' }),
  text({ name: 'bucket', about: 'The first bucket.' }),
  duration({
    name: 'retention',
    default: '0',
    min: '0',
    max: '36500d',
    about: 'How long points are kept; 0 is forever.',
  }),
  text({ name: 'token', secret: true, about: 'The operator token; made if not chosen.' }),
] as const

/** `sluice setup`: sets up a running server, and prompts for missing values. */
export async function setup(args: readonly string[], io: Io): Promise<number> {
  const { env, cwd, home, readFile } = io
  const { settings } = readSettings([...schema, ...flags] as const, { argv: args, env, cwd, home, readFile })
  const host = hostOf(settings)
  const url = new URL('/api/v2/setup', asUrl(host))

  const { allowed } = await answer<{ allowed: boolean }>(host, () => fetch(url))
  if (!allowed) throw new ConfigurationError(`${host} is set up already`)

  const prompt = createPrompt(io)
  try {
    const username = settings.username ?? (await prompt.line('User name', '--username'))
    const org = settings.org ?? (await prompt.line('Organization', '--org'))
    const bucket = settings.bucket ?? (await prompt.line('Bucket', '--bucket'))
    const password = await prompt.password('Password')
    const retentionPeriodSeconds = Math.round((settings.retention ?? 0) / 1000)
    const body = { username, password, org, bucket, retentionPeriodSeconds, token: settings.token }
    const made = await answer<{ auth: { token: string } }>(host, () =>
      fetch(url, { method: 'POST', body: JSON.stringify(body) }),
    )
    io.stdout.write(
      `Created the user ${escaped(username)}, who owns the organization ${escaped(org)} with the bucket ${escaped(bucket)}.\n` +
        `The operator token, shown only once:\n\n${made.auth.token}\n`,
    )
    return 0
  } finally {
    prompt.close()
  }
}
