/** `sluice user`, `org` and `token` against a server. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { jsonLines, PASSWORD, runCommand, startSetUpServer } from '../../../test/support/command.ts'

const NEW_PASSWORD = 'another horse altogether'

suite('users, organizations and tokens on the command line', () => {
  let server: Awaited<ReturnType<typeof startSetUpServer>>
  before(async () => {
    server = await startSetUpServer()
  })
  after(() => server.stop())

  const run = (line: string, place: Parameters<typeof runCommand>[2] = {}, token = server.token) =>
    runCommand([...line.split(' '), '--host', server.url], { SLUICE_TOKEN: token }, place)
  async function done(...parameters: Parameters<typeof run>): Promise<string> {
    const { status, out, err } = await run(...parameters)
    assert.deepEqual([status, err], [0, ''], parameters[0])
    return out
  }
  /** Each fails with this status, prints nothing else, and says why. */
  async function refused(line: string, status: 1 | 2, sentence: RegExp, token?: string): Promise<void> {
    const ended = await run(line, {}, token)
    assert.deepEqual([ended.status, ended.out], [status, ''], `${line}: ${ended.err}`)
    assert.match(ended.err, sentence)
  }
  const names = async (line: string) => jsonLines(await done(`${line} --json`)).map(({ name }) => name)

  test('nothing is changed by what is unclear, unknown or not confirmed', async () => {
    await done('user create victim')
    await refused('user create', 2, /^sluice: NAME is missing; usage: sluice user create NAME/)
    await refused('user update victim', 2, /nothing to change is given/)
    await refused('user update victim --status bogus', 2, /it must be one of active, inactive/)
    await refused('user create x --must-change', 2, /--must-change needs --password/)
    await refused('user create x --org none', 1, /there is no organization none that this token may read/)
    await refused('user delete victim', 2, /no terminal to ask for confirmation; --yes/)
    await refused('org delete works', 2, /no terminal to ask for confirmation/)
    await refused('user delete nobody --yes', 1, /there is no user nobody/)
    await refused('token delete nothing --yes', 1, /there is no token nothing/)
    await refused('token create', 2, /what the token may do is not given/)
    await refused('token create --read-bucket none', 1, /there is no bucket none/)
    await refused('token create --all-access --expires-at soon', 2, /--expires-at must be a time/)
    await refused(
      'token create --all-access --expires-in 1d --expires-at 2099-01-01T00:00:00Z',
      2,
      /leave one/,
    )
    await refused('token rotate nothing --grace 30d', 2, /--grace is "30d"; it must be from 0 to 7d/)
    const asked = await run('user delete victim', { stdin: ['no'] })
    assert.equal(asked.status, 1)
    assert.match(asked.err, /Delete the user victim \([0-9a-f]{16}\) with their tokens and sessions\?/)
    assert.deepEqual(await names('user list'), ['ada', 'victim'])
    assert.equal((await run('user delete victim', { stdin: ['y'] })).status, 0)
    assert.deepEqual(await names('user list'), ['ada'])
  })

  test('a user is created with organization and password, renamed, deactivated and deleted', async () => {
    const created = await done('user create --org works grace --role owner --password --quiet', {
      stdin: `${PASSWORD}\n`,
    })
    const id = created.trim()
    assert.match(id, /^[0-9a-f]{16}$/)
    assert.equal((await server.signIn('grace', PASSWORD)).status, 204)
    assert.match(
      await done('user list --org works'),
      /^ID +NAME +STATUS +ROLE\n[\s\S]* grace +active +owner\n/,
    )
    assert.equal(
      await done(`user update ${id} --name grace.hopper`),
      `The user grace.hopper with the id ${id} is active.\n`,
    )
    const changed = await done('user password grace.hopper', { stdin: `${NEW_PASSWORD}\n` })
    assert.match(changed, /^grace\.hopper has the new password/)
    assert.ok(!changed.includes(NEW_PASSWORD))
    assert.equal((await server.signIn('grace.hopper', NEW_PASSWORD)).status, 204)
    await done('user update --status inactive grace.hopper')
    assert.equal((await server.signIn('grace.hopper', NEW_PASSWORD)).status, 403)
    assert.deepEqual(await names('user list --search HOPPER'), ['grace.hopper'])
    await done('user delete grace.hopper --yes')
    assert.equal((await run('user list --search hopper')).err, 'no user matches\n')
  })

  test('users are listed with their organizations, or without them for a token that may not read those', async () => {
    await done('org create lab')
    await done('user create eve --org works')
    const listed = await done('user list')
    assert.match(listed, /^ID +NAME +STATUS +ORGANIZATIONS\n/)
    assert.match(listed, / ada +active +works \(owner\), lab \(owner\)\n/)
    assert.match(listed, / eve +active +works\n/)
    const [eve] = jsonLines(await done('user list --search eve --json'))
    assert.deepEqual(
      eve.details.organizations.map(({ name, role }: { name: string; role: string }) => [name, role]),
      [['works', 'member']],
    )
    const secret = (
      await done('token create --org works --description few --read-bucket points --quiet')
    ).trim()
    const own = await run('user list', {}, secret)
    assert.deepEqual([own.status, own.err], [0, 'this token may read no user\n'])
    await done('user delete eve --yes')
    await done('org delete lab --yes')
    await done('token delete few --yes')
  })

  test('a user who cannot get all that was asked for is not created', async () => {
    const short = await run('user create bea --org works --password', { stdin: 'short\n' })
    assert.deepEqual([short.status, short.out], [1, ''])
    assert.match(short.err, /refused: passwords must be between 8 and 72 .*; no user was created\n$/)
    assert.deepEqual(await names('user list'), ['ada'])
  })

  test('the id counts before a name that reads like it', async () => {
    const id = (await done('user create cai --quiet')).trim()
    await done(`user create ${id}`)
    assert.match(await done(`user update ${id} --name dan`), /^The user dan with the id/)
    assert.deepEqual((await names('user list')).toSorted(), [id, 'ada', 'dan'].toSorted())
    for (const name of ['dan', id]) await done(`user delete ${name} --yes`)
  })

  test('an organization is created, described, gets members and is deleted', async () => {
    await done('user create bea')
    await done('org create lab --description measurements')
    await done('org add-member lab bea')
    await done('org add-member lab bea --role owner')
    await done('org add-member lab bea --role owner')
    const rows = jsonLines(await done('org members lab --json'))
    assert.deepEqual(rows.map(({ name, role }) => [name, role]).toSorted(), [
      ['ada', 'owner'],
      ['bea', 'owner'],
    ])
    await refused('org remove-member lab nobody --yes', 1, /nobody does not belong to lab/)
    await done('org remove-member lab bea --yes')
    assert.match(await done('org update lab --name laboratory'), /^Changed the organization laboratory/)
    assert.match(await done('org list'), / laboratory +measurements\n/)
    await done('org delete laboratory --yes')
    assert.deepEqual(await names('org list'), ['works'])
    await done('user delete bea --yes')
  })

  test('a token is shown once, does what it may, is rotated, disabled and deleted', async () => {
    const create = 'token create --description probe --read-bucket points --expires-in 90d'
    const secret = (await done(`${create} --quiet`)).trim()
    const reads = await run('org list', {}, secret)
    assert.equal(reads.status, 0)
    await refused('user create x', 1, /refused: write:users is unauthorized|refused: .*unauthorized/, secret)

    const [listed] = jsonLines(await done('token list --json --expiring 91d'))
    assert.deepEqual([listed.description, listed.token, listed.permissions.length], ['probe', '', 1])
    assert.equal(Math.round((Date.parse(listed.expiresAt) - Date.now()) / 86_400_000), 90)
    for (const line of ['token list', 'token list --json']) assert.ok(!(await done(line)).includes(secret))
    assert.match(
      await done('token list'),
      /^ID +DESCRIPTION +STATUS +USER +ORGANIZATION +EXPIRES +LAST USED\n/,
    )

    const rotated = await done('token rotate probe')
    assert.match(
      rotated,
      /^Rotated the token "probe" \([0-9a-f]{16}\)\. The old secret works until 20.*Z\.\nIt is/,
    )
    assert.equal((await run('org list', {}, secret)).status, 0)
    const [again] = jsonLines(await done('token rotate probe --grace 0 --json'))
    await refused('org list', 1, /unauthorized access: No such token exists/, secret)
    assert.equal((await run('org list', {}, again.token)).status, 0)

    await done('token update probe --status inactive --description off')
    await refused('org list', 1, /refused: token is inactive\n$/, again.token)
    assert.equal((await done('token list --status inactive --quiet')).trim(), again.id)
    await done('token delete off --yes')
    await refused('org list', 1, /No such token/, again.token)
  })

  test('several tokens of one description are named by their ids', async () => {
    const ids = []
    for (const kind of ['--read-buckets', '--all-access']) {
      ids.push(jsonLines(await done(`token create --description twin ${kind} --json`))[0].id)
    }
    await refused('token delete twin --yes', 1, new RegExp(`several tokens.*: ${ids.join(', ')}\\n$`))
    for (const id of ids) await done(`token delete ${id} --yes`)
  })

  test('an owner adds by its id a user whom they may not read', async () => {
    const stranger = (await done('user create stranger --quiet')).trim()
    await done('user create owner --org works --role owner')
    const token = (await done('token create --user owner --all-access --quiet')).trim()
    await refused('org add-member works stranger', 1, /there is no user stranger/, token)
    assert.equal((await run(`org add-member works ${stranger}`, {}, token)).status, 0)
    assert.equal((await run('org remove-member works stranger --yes', {}, token)).status, 0)
  })

  test('on a terminal of 80 columns no line of a list is wider', async () => {
    await done('user create a-name-that-is-as-long-as-names-should-not-be-but-sometimes-are-in-real-life')
    await done('token create --all-access --description a-description-that-does-not-fit-either-in-80-columns')
    for (const line of ['user list', 'token list', 'org list', 'org members works']) {
      const { out } = await runCommand(
        [...line.split(' '), '--host', server.url],
        { SLUICE_TOKEN: server.token, NO_COLOR: '1' },
        { columns: 80 },
      )
      for (const each of out.split('\n')) assert.ok(each.length <= 80, each)
      assert.match(out, /^ID .*\n[0-9a-f]{16} /)
    }
  })

  test('INFLUX_TOKEN counts if SLUICE_TOKEN is not set, with INFLUX_HOST', async () => {
    const other = { INFLUX_TOKEN: server.token, INFLUX_HOST: server.url }
    assert.equal((await runCommand(['org', 'list'], other)).status, 0)
    // Sluice's own token is never sent where InfluxDB's variables point.
    const own = { SLUICE_TOKEN: server.token, SLUICE_HOST: server.url, INFLUX_HOST: 'http://127.0.0.1:1' }
    assert.equal((await runCommand(['org', 'list'], own)).status, 0)
    const none = await runCommand(['org', 'list'])
    assert.deepEqual(
      [none.status, none.err],
      [2, 'sluice: a token is needed: run sluice login, set SLUICE_TOKEN, or give it with --token\n'],
    )
  })
})
