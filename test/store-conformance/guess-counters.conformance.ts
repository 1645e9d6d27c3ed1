/** Tests for all implementations of guess counters. Each implementation calls them from a test file of its own. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../../src/domain/base/clock.ts'
import type {
  GuessClaim,
  GuessCounters,
  GuessOutcome,
  GuessPlace,
  GuessThrottled,
} from '../../src/domain/guessing/guess-counters.ts'
import { createGuessModel } from '../support/guess-model.ts'
import { tally, times } from '../support/guessing.ts'

export interface GuessCountersUnderTest {
  /** New counters of one or several nodes, which count together. */
  open(now: Clock): Promise<readonly GuessCounters[]>
  /** Resolves once waiting attempts that may go on have been notified. */
  settled(): Promise<void>
  /** The number of random histories to run. */
  readonly runs: number
}

const WINDOW_MS = 60_000
const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

const windowed = (key: string, free: number): GuessClaim => ({
  ...{ key, scope: 'address', rule: { free, windowMs: WINDOW_MS } },
})
const delayed = (key: string, free: number): GuessClaim => ({
  ...{ key, scope: 'pair' },
  rule: { free, windowMs: WINDOW_MS, delays: { firstMs: 10_000, longestMs: 30_000 } },
})

export function describeGuessCounters(name: string, under: GuessCountersUnderTest): void {
  /** Attempts go to the nodes in turn. */
  async function world() {
    let at = START
    const nodes = await under.open(() => at)
    let next = 0
    const reserve = (claims: readonly GuessClaim[]) => {
      next += 1
      return (nodes[next % nodes.length] as GuessCounters).reserve(claims, at)
    }
    const place = async (claims: readonly GuessClaim[]): Promise<GuessPlace> => {
      const answer = await reserve(claims)
      return answer.kind === 'place' ? answer : assert.fail(`throttled for ${answer.retryAfterMs}`)
    }
    return {
      ...{ nodes, reserve, place },
      now: () => at,
      forward(ms: number) {
        at += ms
      },
      /** Returns `place` after settling the attempt, or the remaining delay if it is throttled. */
      async attempt(claims: readonly GuessClaim[], outcome: GuessOutcome = 'wrong') {
        const answer = await reserve(claims)
        if (answer.kind === 'throttled') return answer.retryAfterMs
        await answer.settle(outcome, at)
        return 'place'
      },
    }
  }

  suite(`guess counters: ${name}`, () => {
    test('a try is calm where nothing failed, and of tries for one user at once the first', async () => {
      const { place, attempt, now, forward } = await world()
      const user = (key: string): GuessClaim => ({ ...windowed(key, 5), scope: 'user' })
      const isCalm = async (...claims: GuessClaim[]) => {
        const { isCalm: answer, settle } = await place(claims)
        await settle('undecided', now())
        return answer
      }
      assert.equal(await isCalm(user('u'), windowed('a', 5)), true)
      const held = await place([user('u'), windowed('a', 5)])
      assert.equal(await isCalm(user('u'), windowed('b', 5)), false)
      assert.equal(await isCalm(user('v'), windowed('a', 5)), true)
      await held.settle('wrong', now())
      assert.equal(await isCalm(user('u'), windowed('b', 5)), false)
      assert.equal(await isCalm(user('v'), windowed('a', 5)), false)
      assert.equal(await isCalm(user('v'), windowed('b', 5)), true)
      assert.equal(await attempt([delayed('p', 3)]), 'place')
      assert.equal(await isCalm(user('w'), delayed('p', 3)), false)
      forward(WINDOW_MS)
      assert.equal(await isCalm(user('u'), windowed('a', 5)), true)
    })

    test('who failed too often waits for the end of the window that began with the first failure', async () => {
      const { attempt, forward } = await world()
      const claims = [windowed('a', 3)]
      for (const _ of [1, 2, 3]) {
        assert.equal(await attempt(claims), 'place')
        forward(1000)
      }
      assert.equal(await attempt(claims, 'right'), WINDOW_MS - 3000)
      forward(WINDOW_MS - 3001)
      assert.equal(await attempt(claims), 1)
      forward(1)
      assert.equal(await attempt(claims), 'place')
    })

    test('with delays, each failure from the last free one on doubles the delay, up to the longest', async () => {
      const { attempt, forward } = await world()
      const claims = [delayed('p', 2)]
      assert.equal(await attempt(claims), 'place')
      for (const waitMs of [10_000, 20_000, 30_000, 30_000]) {
        assert.equal(await attempt(claims), 'place')
        assert.equal(await attempt(claims), waitMs)
        forward(waitMs - 1)
        assert.equal(await attempt(claims), 1)
        forward(1)
      }
      assert.equal(await attempt(claims, 'right'), 'place')
      assert.equal(await attempt(claims), 'place')
      assert.equal(await attempt(claims), 'place', 'a right guess clears all failures')
    })

    test('failures with delays are forgotten one window after the last delay, not before', async () => {
      const { attempt, forward } = await world()
      const claims = [delayed('p', 2)]
      for (const _ of [1, 2]) await attempt(claims)
      forward(10_000 + WINDOW_MS - 1)
      await attempt(claims)
      assert.equal(await attempt(claims), 20_000)
      forward(20_000 + WINDOW_MS)
      await attempt(claims)
      assert.equal(await attempt(claims), 'place')
    })

    test('what one node forgets all nodes forget, and other keys and attempts in flight stay', async () => {
      const { nodes, place, attempt, now } = await world()
      const forget = (key: string) => (nodes[0] as GuessCounters).forget(key)
      await forget('unknown')
      for (const key of ['a', 'b']) {
        for (const _ of [1, 2]) assert.equal(await attempt([windowed(key, 2)]), 'place')
        assert.equal(await attempt([windowed(key, 2)]), WINDOW_MS)
      }
      await forget('a')
      const held = await place([windowed('a', 2)])
      assert.equal(await attempt([windowed('a', 2)]), 'place')
      assert.equal(await attempt([windowed('b', 2)]), WINDOW_MS)
      await held.settle('wrong', now())
      assert.equal(await attempt([windowed('a', 2)]), WINDOW_MS)
      // Failures with delays too, and while an attempt is in flight.
      const other = await place([delayed('p', 2)])
      assert.equal(await attempt([delayed('p', 2)]), 'place')
      await forget('p')
      await other.settle('wrong', now())
      assert.equal(await attempt([delayed('p', 2)]), 'place')
      assert.equal(await attempt([delayed('p', 2)]), 10_000)
    })

    test('the longest delay is reported, and a refused attempt takes no place and is not counted', async () => {
      const { attempt, reserve, forward } = await world()
      await attempt([windowed('a', 1)])
      forward(1000)
      await attempt([windowed('b', 1)])
      const claims = [windowed('a', 1), windowed('b', 1), windowed('c', 1)]
      for (const _ of [1, 2, 3]) {
        const answer = await reserve(claims)
        assert.deepEqual(answer, { kind: 'throttled', by: claims[1], retryAfterMs: WINDOW_MS })
      }
      assert.equal(await attempt([windowed('c', 1)], 'undecided'), 'place')
    })

    test('an exempt claim throttles nothing, but its failures count for others', async () => {
      const { attempt } = await world()
      const exempt = [{ ...windowed('a', 2), exempt: true }]
      for (const _ of [1, 2, 3]) assert.equal(await attempt(exempt), 'place')
      assert.equal(await attempt([windowed('a', 2)]), WINDOW_MS)
    })

    test('of a hundred concurrent guesses on all nodes, exactly the free ones are admitted', async () => {
      const { attempt } = await world()
      const claims = (index: number) => [delayed(`p${index % 20}`, 3), windowed('u', 7), windowed('a', 50)]
      const answers = await Promise.all(times(100, (index) => attempt(claims(index))))
      assert.deepEqual(tally(answers.map(String)), { place: 7, [WINDOW_MS]: 93 })
    })

    test('sixteen concurrent right guesses are all admitted, one after another', async () => {
      const { place, now } = await world()
      let inFlight = 0
      await Promise.all(
        times(16, async () => {
          const taken = await place([delayed('p', 1), windowed('a', 20)])
          inFlight += 1
          await new Promise((resolve) => setImmediate(resolve))
          assert.equal(inFlight, 1)
          inFlight -= 1
          await taken.settle('right', now())
        }),
      )
    })

    test('waiting attempts are decided again when a place becomes free, first come, first served on one node', async () => {
      const { nodes, now } = await world()
      const [node] = nodes
      const order: number[] = []
      const first = await node?.reserve([windowed('a', 2)], now())
      const second = await node?.reserve([windowed('a', 2)], now())
      const waiting = times(4, async (index) => {
        const answer = await node?.reserve([windowed('a', 2)], now())
        order.push(index)
        if (answer?.kind === 'place') await answer.settle(index === 0 ? 'undecided' : 'wrong', now())
        return answer?.kind
      })
      await under.settled()
      assert.deepEqual(order, [])
      assert.ok(first?.kind === 'place' && second?.kind === 'place')
      await first.settle('wrong', now())
      await under.settled()
      assert.deepEqual(order, [], 'the second may still fail')
      await second.settle('right', now())
      assert.deepEqual(await Promise.all(waiting), ['place', 'place', 'throttled', 'throttled'])
      assert.deepEqual(order, [0, 1, 2, 3])
    })

    test('a later attempt does not overtake those that wait on the same node', async () => {
      const { nodes, now } = await world()
      const node = nodes[0] as GuessCounters
      const held = [
        await node.reserve([windowed('a', 2)], now()),
        await node.reserve([windowed('a', 2)], now()),
      ]
      const order: string[] = []
      const enter = async (name: string) => {
        const answer = await node.reserve([windowed('a', 2)], now())
        order.push(name)
        await under.settled()
        if (answer.kind === 'place') await answer.settle('undecided', now())
      }
      const waiting = ['first', 'second', 'third'].map(enter)
      await under.settled()
      await under.settled()
      const settling = held.map((each) => each.kind === 'place' && each.settle('undecided', now()))
      await Promise.all([...settling, ...waiting, enter('last')])
      assert.deepEqual(order, ['first', 'second', 'third', 'last'])
    })

    test('attempts that wait for one key do not delay those for another', async () => {
      const { place, now } = await world()
      const first = await place([windowed('u', 1), windowed('a', 2)])
      const second = place([windowed('u', 1), windowed('a', 2)])
      await under.settled()
      const other = await place([windowed('v', 1), windowed('a', 2)])
      await first.settle('undecided', now())
      await under.settled()
      await other.settle('undecided', now())
      await (await second).settle('undecided', now())
    })

    test('an attempt that fails after the window of earlier failures begins a new window', async () => {
      const { place, attempt, now, forward } = await world()
      const [early, late] = [await place([windowed('a', 2)]), await place([windowed('a', 2)])]
      await early.settle('wrong', now())
      forward(WINDOW_MS)
      await late.settle('wrong', now())
      assert.equal(await attempt([windowed('a', 2)]), 'place', 'one of the two failures is forgotten')
      forward(1)
      assert.equal(await attempt([windowed('a', 2)]), WINDOW_MS - 1)
    })

    test('every random history is answered by the rules', async () => {
      await fc.assert(
        fc.asyncProperty(anyCourse, (course) => follow(course)),
        { numRuns: under.runs },
      )
    })
  })

  async function follow(course: readonly Step[]): Promise<void> {
    const { reserve, now, forward } = await world()
    const model = createGuessModel()
    const places: GuessPlace[] = []

    async function settle(position: number, outcome: GuessOutcome): Promise<void> {
      const [place] = places.splice(position, 1)
      model.settle(position, outcome, now())
      await place?.settle(outcome, now())
    }

    for (const step of course) {
      if ('forward' in step) forward(step.forward)
      else if ('end' in step) {
        if (places.length > 0) await settle(step.end % places.length, step.as)
      } else {
        let expected = model.ask(step.claims, now())
        let answer: GuessPlace | GuessThrottled | undefined
        const answering = reserve(step.claims).then((given) => {
          answer = given
        })
        while (expected.kind === 'full') {
          await under.settled()
          assert.equal(answer, undefined, 'it should have waited')
          await settle(expected.behind, step.as)
          expected = model.ask(step.claims, now())
        }
        await answering
        if (answer?.kind === 'place') places.push(answer)
        const given =
          answer?.kind === 'throttled'
            ? { kind: answer.kind, by: answer.by.key, retryAfterMs: answer.retryAfterMs }
            : { kind: answer?.kind }
        assert.deepEqual(given, expected)
      }
    }
  }
}

type Step =
  | { readonly claims: readonly GuessClaim[]; readonly as: GuessOutcome }
  | { readonly end: number; readonly as: GuessOutcome }
  | { readonly forward: number }

const anyOutcome = fc.constantFrom<GuessOutcome>('wrong', 'wrong', 'right', 'undecided')
const anyClaims = fc
  .record({ user: fc.constantFrom('u1', 'u2'), address: fc.constantFrom('a1', 'a2'), kind: fc.nat(3) })
  .map(({ user, address, kind }) => {
    const [pair, from] = [delayed(`${user} ${address}`, 2), windowed(address, 5)]
    if (kind === 0) return [from]
    return kind === 1 ? [pair, { ...from, exempt: true }] : [pair, windowed(user, 3), from]
  })
const anyCourse: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.WeightedArbitrary<Step>[]>(
    { weight: 6, arbitrary: fc.record({ claims: anyClaims, as: anyOutcome }) },
    { weight: 4, arbitrary: fc.record({ end: fc.nat(), as: anyOutcome }) },
    {
      weight: 2,
      arbitrary: fc.record({ forward: fc.constantFrom(1, 9999, 10_000, 20_000, 30_000, 60_000) }),
    },
  ),
  { minLength: 20, maxLength: 60 },
)
