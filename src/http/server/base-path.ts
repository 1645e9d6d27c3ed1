import type { Dispatch } from './dispatch.ts'

/**
 * A server whose proxy has it below a path, such as `/sluice` (empty for none): handlers see targets without that path.
 * Targets that do not begin with it are left as they are, for proxies that remove it themselves and for health checks.
 */
export function belowBasePath(base: string, dispatch: Dispatch): Dispatch {
  if (base === '') return dispatch
  return (request) => {
    request.url = withoutBase(request.url ?? '', base)
    return dispatch(request)
  }
}

function withoutBase(target: string, base: string): string {
  if (!target.startsWith(base)) return target
  const rest = target.slice(base.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : target
}
