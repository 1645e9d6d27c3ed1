import { policyOf } from '../compose/password-policy.ts'
import { duration, text } from '../config/shapes/setting.ts'
import { SluiceError } from '../domain/base/errors.ts'
import { requireNameFits } from '../domain/base/limits.ts'
import { checkBucketName } from '../domain/buckets/bucket-name.ts'
import { command, type Invocation } from './frame/command.ts'
import { read } from './load.ts'
import { answer, asUrl, hostFlag, hostOf, REMOTE_SETTINGS, RefusedError } from './remote/remote.ts'
import { CommandFailure } from './terminal/failure.ts'
import { type AnswerCheck, createPrompt } from './terminal/io.ts'
import { escaped } from './terminal/table.ts'

const flags = [
  text({ name: 'username', placeholder: 'NAME', about: 'The first user, who is an operator.' }),
  text({ name: 'org', placeholder: 'NAME', about: 'The first organization.' }),
  text({ name: 'bucket', placeholder: 'NAME', about: 'The first bucket.' }),
  duration({
    name: 'retention',
    default: '0',
    min: '0',
    max: '36500d',
    about: 'How long points are kept; 0 is forever.',
  }),
  text({
    name: 'token',
    secret: true,
    placeholder: 'TOKEN',
    about: 'The operator token, if it is chosen; a list of processes shows it.',
  }),
  hostFlag,
] as const

export const setup = command({
  name: 'setup',
  about: 'Create the first user, organization and bucket',
  details: 'What is not given is asked for. The password is asked for, or read from standard input.',
  flags,
  settings: REMOTE_SETTINGS,
  example: 'sluice setup --username ada --org works --bucket points',
  run,
})

interface SetupAnswer {
  readonly auth: { readonly token: string }
}

async function run(invocation: Invocation<typeof flags>): Promise<number> {
  const { flags: given, io } = invocation
  const host = hostOf({ ...invocation, flags: { host: given.host } })
  const url = new URL('/api/v2/setup', asUrl(host))
  const { allowed } = await answer<{ allowed: boolean }>(host, () => fetch(url))
  if (!allowed) throw new CommandFailure(`${host} is set up already`)

  const prompt = createPrompt(io)
  try {
    const username = given.username ?? (await prompt.line('User name', '--username', nameCheck('a user')))
    const org = given.org ?? (await prompt.line('Organization', '--org', nameCheck('an organization')))
    const bucket = given.bucket ?? (await prompt.line('Bucket', '--bucket', checkOf(checkBucketName)))
    const { retention, token } = given
    const names = { username, org, bucket, retentionPeriodSeconds: Math.round(retention / 1000), token }
    const send = (password: string) =>
      answer<SetupAnswer>(host, () =>
        fetch(url, { method: 'POST', body: JSON.stringify({ ...names, password }) }),
      )
    const made = await withPassword(invocation, { prompt, username, org, send })
    io.stdout.write(
      `Created the user ${escaped(username)}, who owns the organization ${escaped(org)} with the bucket ${escaped(bucket)}.\n` +
        `The operator token, shown only once:\n\n${made.auth.token}\n`,
    )
    return 0
  } finally {
    prompt.close()
  }
}

/** Asks until the server takes the password: its policy may be another than that of the settings here. */
async function withPassword(
  invocation: Pick<Invocation, 'input' | 'io'>,
  deps: {
    prompt: ReturnType<typeof createPrompt>
    username: string
    org: string
    send: (password: string) => Promise<SetupAnswer>
  },
): Promise<SetupAnswer> {
  const { io } = invocation
  const { username, org } = deps
  const policy = policyOf(read(invocation))
  const check = checkOf((password) => {
    policy.check(password, { userName: username, organizationNames: [org] })
  })
  for (;;) {
    const password = await deps.prompt.password('Password', check)
    try {
      return await deps.send(password)
    } catch (error) {
      const isWeak = error instanceof RefusedError && error.reason === 'weak-password'
      if (!isWeak || !io.stdin.isTTY) throw error
      io.stderr.write(`  ${error.message}; try again\n`)
    }
  }
}

/** The domain's own rule, so that an answer is refused when it is given as the server would refuse it. */
function checkOf(rule: (text: string) => void): AnswerCheck {
  return (text) => {
    try {
      rule(text)
      return undefined
    } catch (error) {
      if (error instanceof SluiceError) return error.message
      throw error
    }
  }
}

function nameCheck(what: string): AnswerCheck {
  const fits = checkOf((name) => requireNameFits(what, name))
  return (name) => (name === '' ? `${what} needs a name` : fits(name))
}
