/** All routes as the code registers them, whether they are in the OpenAPI document or not. */
import type { Api } from '../../src/http/api/frame/api.ts'
import { registerRoutes, type Services } from '../../src/http/api/routes.ts'

export interface RegisteredRoute {
  readonly method: string
  readonly url: string
  /** Undefined for a route that is hidden from the document. */
  readonly operationId: string | undefined
}

type Options = { method?: string; url?: string; schema?: { operationId?: string } }

export function registeredRoutes(): RegisteredRoute[] {
  const found: RegisteredRoute[] = []
  const add = (method: string, url: string, { schema }: Options) =>
    found.push({ method, url, operationId: schema?.operationId })
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const api = {
    ...Object.fromEntries(
      methods.map((method) => [
        method.toLowerCase(),
        (url: string, options: Options) => add(method, url, options),
      ]),
    ),
    route: (options: Options) => add(options.method ?? '', options.url ?? '', options),
    register: (inner: (api: unknown) => unknown) => inner(api),
    addHook: () => api,
  }
  // Services are used only when a request arrives, so none is needed here.
  const anything: unknown = new Proxy({}, { get: () => anything })
  registerRoutes(api as unknown as Api, anything as Services, () => {})
  return found
}
