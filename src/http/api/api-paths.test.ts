import assert from 'node:assert/strict'
import { test } from 'node:test'
import { registeredRoutes } from '../../../test/security/registered-routes.ts'
import { API_PATHS } from './api-paths.ts'

test('every route lies under a path of the API, where a browser gets no page of the console', () => {
  const urls = registeredRoutes().map(({ url }) => url)
  assert.ok(urls.length > 50)
  const outside = urls.filter((url) => !API_PATHS.some((path) => url === path || url.startsWith(`${path}/`)))
  assert.deepEqual(outside, [])
})
