import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { lacksFor, matchesRule, parseGivenRight } from './token-rule.ts'

suite('what a rule gives', () => {
  test('is read as organization, bucket and action', () => {
    const read = { organization: 'lab', action: 'read' }
    assert.deepEqual(parseGivenRight('lab/engine:read'), { ...read, bucket: 'engine' })
    assert.deepEqual(parseGivenRight('lab/a/b:c:read'), { ...read, bucket: 'a/b:c' })
    assert.deepEqual(parseGivenRight('lab/*:read'), { ...read, bucket: undefined })
    assert.deepEqual(parseGivenRight(' lab / engine : write '), {
      ...{ organization: 'lab', bucket: 'engine', action: 'write' },
    })
  })

  test('is never more than reading or writing buckets of one organization', () => {
    for (const wrong of [
      ...[
        '',
        'lab',
        'lab:read',
        'lab:owner',
        'lab/engine',
        'lab/engine:',
        'lab/engine:owner',
        '/engine:read',
      ],
      ...['lab/:read', 'lab/engine:READ', 'lab/engine:read,write', ':read', '/:read', ' /x:read'],
    ]) {
      assert.equal(parseGivenRight(wrong), undefined, wrong)
    }
  })
})

suite('a rule', () => {
  const rule = {
    ...{ number: 0, issuer: 'lab', subject: 's', gives: [] },
    claims: [
      { claim: '/kubernetes.io/namespace', value: 'monitoring' },
      { claim: 'ref', value: 'main' },
      { claim: 'ref', value: 'next' },
    ],
  }
  const token = {
    ...{ issuer: 'lab', subject: 's' },
    claims: { ref: 'next', 'kubernetes.io': { namespace: 'monitoring' } },
  }

  test('is about a token of its issuer with its subject and all its claims', () => {
    assert.ok(matchesRule(rule, token))
    assert.ok(!matchesRule(rule, { ...token, issuer: 'other' }))
    assert.equal(lacksFor(rule, { ...token, subject: 't' }), 'subject')
    for (const claims of [
      {},
      { ref: 'main' },
      { ...token.claims, ref: 'other' },
      { ...token.claims, ref: null },
    ]) {
      assert.equal(lacksFor(rule, { ...token, claims }), 'claims', JSON.stringify(claims))
    }
  })

  test('does not take what every object has for a claim', () => {
    const odd = { ...rule, claims: [{ claim: 'constructor', value: 'x' }] }
    assert.ok(!matchesRule(odd, { ...token, claims: {} }))
  })
})
