import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { guessing, SECOND, type Try, turn } from '../../../test/support/guessing.ts'

const LIMITS = { pairFree: 2, user: 3, address: 5, pairFirstDelayMs: 10_000, pairLongestDelayMs: 30_000 }
const WINDOW_MS = 60 * SECOND
/** After this number of failures of a pair. */
const DELAYS_MS = [0, 0, 10_000, 20_000, 30_000]

interface Event extends Try {
  readonly at: number
  readonly outcome: string
}

/** A model that keeps all that ever happened, and asks of it what the limits say. */
function createModel() {
  const events: Event[] = []
  const inFlight: Try[] = []

  function ofPair({ name, address }: Try, now: number) {
    let failures = 0
    let last = 0
    const delay = () => DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)] as number
    for (const event of [...events, { name, address, at: now, outcome: 'ask' }]) {
      if (event.name !== name || event.address !== address) continue
      if (event.at >= last + delay() + WINDOW_MS || event.outcome === 'right') failures = 0
      if (event.outcome !== 'wrong') continue
      failures += 1
      last = event.at
    }
    const flying = inFlight.filter((each) => each.name === name && each.address === address).length
    const free = failures < LIMITS.pairFree ? LIMITS.pairFree - failures : 1
    return { heldBackMs: failures === 0 ? 0 : Math.max(last + delay() - now, 0), isFull: flying >= free }
  }

  function ofWindow(limit: number, counts: (each: Try) => boolean, now: number) {
    let failures = 0
    let first = 0
    for (const { at } of events.filter((each) => each.outcome === 'wrong' && counts(each))) {
      if (failures === 0 || at >= first + WINDOW_MS) [failures, first] = [0, at]
      failures += 1
    }
    const left = failures === 0 ? 0 : first + WINDOW_MS - now
    const held = left > 0 ? failures : 0
    return { heldBackMs: held >= limit ? left : 0, isFull: held + inFlight.filter(counts).length >= limit }
  }

  return {
    events,
    inFlight,
    /** Seconds to wait, `place`, or `full` if those in flight are in the way. */
    answer(asked: Try | string, now: number): number | 'place' | 'full' {
      const address = typeof asked === 'string' ? asked : asked.address
      const limits = [ofWindow(LIMITS.address, (each) => each.address === address, now)]
      if (typeof asked !== 'string') {
        const { name, known } = asked
        const ofUser = ofWindow(LIMITS.user, (each) => each.name === name && !each.known, now)
        limits.push(ofUser)
        if (known) limits.length = 0
        limits.push(ofPair(asked, now))
      }
      const heldBackMs = Math.max(...limits.map((each) => each.heldBackMs))
      if (heldBackMs > 0) return Math.ceil(heldBackMs / 1000)
      return limits.some(({ isFull }) => isFull) ? 'full' : 'place'
    },
  }
}

const ADDRESSES = ['192.0.2.1', '192.0.2.2']
const anyTry: fc.Arbitrary<Try> = fc.record({
  name: fc.constantFrom('ada', 'bob', 'nobody'),
  address: fc.constantFrom(...ADDRESSES),
  known: fc.boolean(),
})
type Command =
  | { readonly attempt: Try }
  | { readonly end: number; readonly as: string }
  | { readonly refusal: string }
  | { readonly forward: number }
const anyCommand = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  { weight: 6, arbitrary: anyTry.map((attempt) => ({ attempt })) },
  {
    weight: 5,
    arbitrary: fc.record({ end: fc.nat(), as: fc.constantFrom('wrong', 'wrong', 'right', 'rejected') }),
  },
  { weight: 1, arbitrary: fc.record({ refusal: fc.constantFrom(...ADDRESSES) }) },
  { weight: 2, arbitrary: fc.record({ forward: fc.constantFrom(1, 9999, 10_000, 20_000, 30_000, 60_000) }) },
)

/** A try, or unreadable credentials from an address. */
interface Asking {
  readonly asked: Try | string
  /** How often the clock had moved when it came. */
  readonly cameAt: number
  hasWaited: boolean
  end(as: string): void
}

suite('guess guard: any course of events', () => {
  test('each try is let in, refused for so long, or waits exactly when the limits say so', async () => {
    const seen = { letIn: 0, letInLater: 0, throttled: 0, throttledLater: 0 }

    async function check(commands: Iterable<Command>): Promise<void> {
      const world = guessing({ ...LIMITS, windowMs: WINDOW_MS })
      const model = createModel()
      const waiting = new Set<Asking>()
      const running: Asking[] = []
      const errors: unknown[] = []
      let moves = 0

      /** What the guard does is checked when it does it, against what is true just then. */
      function decided(asking: Asking, answer: number | 'place'): void {
        try {
          assert.equal(answer, model.answer(asking.asked, world.now()))
        } catch (error) {
          errors.push(error)
        }
        waiting.delete(asking)
        const what = answer === 'place' ? 'letIn' : 'throttled'
        seen[asking.hasWaited ? (`${what}Later` as const) : what] += 1
      }

      function attempt(asking: Asking, asked: Try): Promise<string> {
        return world.attempt(asked, () => {
          decided(asking, 'place')
          model.inFlight.push(asked)
          running.push(asking)
          return new Promise((resolve, reject) => {
            asking.end = (as) => (as === 'rejected' ? reject(new Error(as)) : resolve(as === 'right'))
          })
        })
      }

      async function refuse(asking: Asking, address: string): Promise<string> {
        const outcome = await world.refusal(address)
        if (outcome === 'wrong') {
          decided(asking, 'place')
          model.events.push({ name: '', address, at: world.now(), outcome })
        }
        return outcome
      }

      async function come(asked: Try | string): Promise<void> {
        const asking: Asking = { asked, cameAt: moves, hasWaited: false, end: assert.fail }
        waiting.add(asking)
        const expected = model.answer(asked, world.now())
        const coming = typeof asked === 'string' ? refuse(asking, asked) : attempt(asking, asked)
        void coming.then((outcome) => {
          const seconds = /^429 in (\d+)$/.exec(outcome)?.[1]
          if (seconds) decided(asking, Number(seconds))
        })
        await turn()
        asking.hasWaited = true
        assert.equal(waiting.has(asking), expected === 'full', `${expected} at once`)
      }

      async function end(index: number, as: string): Promise<void> {
        const [asking] = running.splice(index % running.length, 1)
        const asked = asking?.asked
        if (typeof asked !== 'object') return
        model.inFlight.splice(model.inFlight.indexOf(asked), 1)
        if (as === 'right' || as === 'wrong') model.events.push({ ...asked, at: world.now(), outcome: as })
        asking?.end(as)
        await turn()
        for (const each of waiting) {
          // What the clock alone made room for is seen when one of those in the way ends.
          if (each.cameAt === moves) assert.notEqual(model.answer(each.asked, world.now()), 'place')
        }
      }

      for (const command of commands) {
        if ('attempt' in command) await come({ ...command.attempt })
        else if ('refusal' in command) await come(command.refusal)
        else if ('end' in command) await end(command.end, command.as)
        else {
          world.forward(command.forward)
          moves += 1
        }
        if (errors.length > 0) throw errors[0]
      }
      while (running.length > 0) await end(0, 'wrong')
      if (errors.length > 0) throw errors[0]
      assert.equal(waiting.size, 0, 'nobody waits for ever')
      assert.equal(model.inFlight.length, 0)
    }

    const courses = fc.array(anyCommand, { maxLength: 80, size: 'max' })
    await fc.assert(fc.asyncProperty(courses, check), { numRuns: 300 })
    // Else the property would say little.
    for (const [what, count] of Object.entries(seen)) assert.ok(count > 20, `${what}: ${count}`)
  })
})
