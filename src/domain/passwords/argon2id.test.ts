import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { matchesArgon2id, parseArgon2id } from './argon2id.ts'

/** The reference implementation's own, from its test.c for version 0x13. */
const VECTORS = [
  ['password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ['password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],
  ['password', '$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg'],
  [
    'differentpassword',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94',
  ],
  ['password', '$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw'],
] as const

suite('argon2id', () => {
  test('what is no PHC string, or cannot be computed, is not understood', () => {
    const salt = 'c29tZXNhbHQ'
    const tag = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    assert.ok(parseArgon2id(`$argon2id$v=19$m=16,t=1,p=2$${salt}$${tag}`))
    const refused = [
      ...[
        '',
        'password',
        `$argon2id$v=16$m=256,t=2,p=1$${salt}$${tag}`,
        `$argon2i$v=19$m=256,t=2,p=1$${salt}$${tag}`,
      ],
      ...[
        'm=15,t=1,p=2',
        'm=0,t=1,p=1',
        'm=256,t=0,p=1',
        'm=256,t=1,p=0',
        'm=10000000,t=1,p=1',
        'm=256,t=100,p=1',
      ]
        .concat('m=256,t=1,p=100', 'm=-1,t=1,p=1', 'm=1e3,t=1,p=1', 'm=256,p=1,t=1')
        .map((cost) => `$argon2id$v=19$${cost}$${salt}$${tag}`),
      ...[
        `c2FsdA$${tag}`,
        `${salt}$CTFhFdXPJO1aFaMaO6Mm`,
        `$${tag}`,
        `${salt}$`,
        `${salt}$${tag}\n`,
        `${salt}$${tag}=`,
      ].map((rest) => `$argon2id$v=19$m=256,t=2,p=1$${rest}`),
    ]
    for (const stored of refused) assert.equal(parseArgon2id(stored), undefined, stored)
  })

  test("the reference implementation's hashes, of any cost", async () => {
    for (const [password, stored] of VECTORS) {
      const parsed = parseArgon2id(stored)
      assert.ok(parsed, stored)
      assert.ok(!(await matchesArgon2id(Buffer.from(`${password} `), parsed)), stored)
      assert.ok(await matchesArgon2id(Buffer.from(password), parsed), stored)
    }
  })
})
