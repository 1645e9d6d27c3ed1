/** The continuous load through the balancer: users sign in, read, are changed and sign out. */
import type { Person } from './ledger.ts'
import {
  activate,
  deactivate,
  deleteToken,
  join,
  leave,
  makeToken,
  newPerson,
  pause,
  readSession,
  readShared,
  readToken,
  signIn,
  signOut,
  type World,
} from './people.ts'
import { createRandom, type Random } from './random.ts'

export interface Load {
  stop(): Promise<void>
}

/** Each person also has a remembered and a plain session that are never ended and must stay valid. */
export function startLoad(world: World, { people, seed }: { people: number; seed: number }): Load {
  let going = true
  async function live(index: number): Promise<void> {
    const random = createRandom(seed + index)
    let person: Person | undefined
    while (going) {
      if (!person || person.isRetired) {
        person = await newPerson(world)
        if (!person) await pause(300)
        continue
      }
      await step(world, person, random)
      await pause(10 + random.below(60))
    }
    if (person?.status.state === 'inactive') await activate(world, person)
  }
  const lives = Array.from({ length: people }, (_, i) => live(i))
  return {
    async stop() {
      going = false
      await Promise.all(lives)
    },
  }
}

async function step(world: World, person: Person, random: Random): Promise<void> {
  if (person.status.state === 'inactive') {
    if (random.chance(0.3)) await activate(world, person)
    const token = person.tokens[0]
    if (token) await readToken(world, person, token, world.url)
    return
  }
  const dice = random.below(100)
  const session = person.sessions.length > 0 ? random.pick(person.sessions) : undefined
  const token = person.tokens.length > 0 ? random.pick(person.tokens) : undefined
  if (!session || (dice < 4 && person.sessions.length < 4)) await signIn(world, person, random.chance(0.5))
  else if (dice < 8) await signOut(world, person)
  else if (!token || (dice < 12 && person.tokens.length < 4)) await makeToken(world, person)
  else if (dice < 16) await deleteToken(world, person)
  else if (dice < 20) await (person.membership.state === 'member' ? leave : join)(world, person)
  else if (dice < 22) await deactivate(world, person)
  else if (dice < 34) await buried(world, person, random)
  else if (dice < 60) await readSession(world, session, world.url)
  else if (dice < 80) await readToken(world, person, token, world.url)
  else await readShared(world, person, world.url)
}

/** A session or token that ended long ago. */
async function buried(world: World, person: Person, random: Random): Promise<void> {
  const { endedSessions, deletedTokens } = world
  if (random.chance(0.5) && deletedTokens.length > 0) {
    await readToken(world, person, random.pick(deletedTokens), world.url)
  } else if (endedSessions.length > 0) {
    await readSession(world, random.pick(endedSessions), world.url)
  }
}
