import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { matchesSubject, subjectProblem } from './subject-pattern.ts'

const BRANCHES = 'repo:acme/plant:ref:refs/heads/*'

suite('the subject of a rule', () => {
  test('may be any text, and may vary in its last part', () => {
    for (const right of [
      'system:serviceaccount:monitoring:telegraf',
      '00u1',
      BRANCHES,
      'repo:acme/plant:ref:refs/heads/release-*',
      'repo:acme/plant:environment:*',
      'system:serviceaccount:monitoring:*',
      'project_path:group/plant:ref_type:branch:ref:*',
    ]) {
      assert.equal(subjectProblem(right), undefined, right)
    }
  })

  test('may not be empty or reach into another name', () => {
    for (const wrong of [
      '',
      '  ',
      '*',
      '00u*',
      'repo:*',
      'repo:acme/*',
      'repo:acme/plant*',
      // Pull requests, which anybody may open, would be in it.
      'repo:acme/plant:*',
      'repo:acme/*:ref:refs/heads/main',
      'repo:*/plant:ref:refs/heads/main',
      'repo:acme/plant:*:refs/heads/main',
      'repo:acme/plant:ref:refs/*/*',
      'repo:acme/plant:ref:**',
      'project_path:group/*:ref_type:branch:ref:main',
      'system:serviceaccount:*',
      'system:serviceaccount:*:telegraf',
    ]) {
      assert.notEqual(subjectProblem(wrong), undefined, wrong)
    }
  })
})

suite('a subject', () => {
  test('matches itself alone', () => {
    assert.ok(matchesSubject('a:b', 'a:b'))
    for (const other of ['a:b ', 'A:b', 'a:bc', 'a', '']) assert.ok(!matchesSubject('a:b', other), other)
  })

  test('matches a pattern with some text without a colon for its *', () => {
    for (const right of ['main', 'feature/x', 'a.b(c)+']) {
      assert.ok(matchesSubject(BRANCHES, `repo:acme/plant:ref:refs/heads/${right}`), right)
    }
    for (const wrong of [
      'repo:acme/plant:ref:refs/heads/',
      'repo:acme/plant:ref:refs/heads/a:b',
      'repo:acme/plant:ref:refs/tags/main',
      'repo:acme/plant:pull_request',
      'repo:acme/plants:ref:refs/heads/main',
      'xrepo:acme/plant:ref:refs/heads/main',
      'repo:acme/plant:ref:refs/heads',
    ]) {
      assert.ok(!matchesSubject(BRANCHES, wrong), wrong)
    }
    const between = 'a:b:c:x*yx'
    assert.ok(matchesSubject(between, 'a:b:c:x-yx'))
    // Beginning and end may not share a letter.
    assert.ok(!matchesSubject(between, 'a:b:c:xyx'))
    assert.ok(!matchesSubject(between, 'a:b:c:yx'))
  })
})
