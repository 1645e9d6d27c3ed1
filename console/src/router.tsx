/** The routes of the console. Pages that sign-in does not need are loaded on demand. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { BASE } from './api/base.ts'
import { AUDIT_FILTERS, type AuditSearch, grantsOf, me, setupAllowed } from './api/entry-queries.ts'
import { asProblem } from './api/problem.ts'
import { queryClient } from './api/query-client.ts'
import { isSignedIn } from './api/reauthentication.ts'
import { SignInPage } from './pages/sign-in.tsx'
import { type Arrival, arrivalIn, linkingIn } from './session/arrival.ts'
import { type Lead, leadIn } from './session/lead.ts'
import { safeReturnTo } from './session/return-to.ts'
import { lookAround } from './session/sign-in.ts'
import { PageFailed, PageNotFound, Splash } from './ui/fallbacks.tsx'
import { page, retryPage } from './ui/lazy-page.ts'
import { listSearch } from './ui/list-search.ts'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: PageNotFound,
  errorComponent: ({ error }) => <PageFailed error={error} onRetry={retryPage} />,
})

/** Redirects to setup or sign-in unless the user is signed in and may continue without a new password. */
async function enter(href: string): Promise<void> {
  if (isSignedIn()) return
  const returnTo = safeReturnTo(href, location.origin)
  const search = {
    ...(returnTo === '/' ? {} : { returnTo }),
    // `?local` shows the form at every address before sign-in.
    ...(new URL(href, location.origin).searchParams.has('local') ? { local: '' as const } : {}),
  }
  try {
    const entry = await lookAround()
    if (entry === 'in') return
    if (entry === 'must-enrol') throw redirect({ to: '/enrol' })
  } catch (error) {
    if (!asProblem(error).isSignedOut) throw error
    if (await queryClient.fetchQuery(setupAllowed)) throw redirect({ to: '/setup' })
  }
  throw redirect({ to: '/signin', search })
}

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: ({ location: { href } }) => enter(href),
  component: page(() => import('./pages/frame.tsx'), 'Frame'),
  pendingComponent: Splash,
  pendingMs: 300,
})

/** The address of another application, which the server judges before it leads back there. */
function applicationIn({ return: address }: Record<string, unknown>): { return?: string } {
  return typeof address === 'string' && address !== '' ? { return: address } : {}
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: (
    given: Record<string, unknown>,
  ): { returnTo?: string; return?: string } & Lead & Arrival => {
    const safe = safeReturnTo(given.returnTo, location.origin)
    return {
      ...(safe === '/' ? {} : { returnTo: safe }),
      ...applicationIn(given),
      ...leadIn(given),
      ...arrivalIn(given),
    }
  },
  component: SignInPage,
})
const signOut = createRoute({
  getParentRoute: () => root,
  path: '/signout',
  validateSearch: applicationIn,
  component: page(() => import('./pages/sign-out.tsx'), 'SignOutPage'),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: page(() => import('./pages/setup.tsx'), 'SetupPage'),
})

const links = () => import('./pages/link-pages.tsx')
const linkPages = [
  createRoute({
    getParentRoute: () => root,
    path: '/signin/invitation',
    component: page(links, 'InvitationPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/signin/new-password',
    component: page(links, 'NewPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/signin/verify-email',
    component: page(links, 'VerifyEmailPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/signin/forgot', component: page(links, 'ForgotPage') }),
]

const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: page(() => import('./pages/enrol.tsx'), 'EnrolPage'),
})

const first = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async () => {
    const { id } = await queryClient.ensureQueryData(me)
    const { operator } = await queryClient.ensureQueryData(grantsOf(id))
    throw redirect({ to: operator ? '/overview' : '/account/permissions' })
  },
})

const account = () => import('./pages/account.tsx')
const commandLine = () => import('./pages/command-line.tsx')
const people = () => import('./pages/people.tsx')
const organizations = () => import('./pages/organizations.tsx')
const organization = () => import('./pages/organization.tsx')
const tokens = () => import('./pages/tokens.tsx')

const within = [
  first,
  createRoute({
    getParentRoute: () => inside,
    path: '/overview',
    component: page(() => import('./pages/overview.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account',
    validateSearch: linkingIn,
    component: page(account, 'ProfilePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account/sessions',
    component: page(account, 'SessionsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account/permissions',
    component: page(account, 'PermissionsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account/second-factors',
    component: page(() => import('./pages/second-factors.tsx'), 'SecondFactorsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/people',
    validateSearch: listSearch(['status', 'operator', 'org']),
    component: page(people, 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/people/$id',
    remountDeps: ({ params }) => params,
    component: page(() => import('./pages/person.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/organizations',
    validateSearch: listSearch([]),
    component: page(organizations, 'OrganizationsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/organizations/$id',
    validateSearch: listSearch(['role']),
    remountDeps: ({ params }) => params,
    component: page(organization, 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/organizations/$id/buckets',
    validateSearch: listSearch([]),
    remountDeps: ({ params }) => params,
    component: page(organization, 'BucketsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/organizations/$id/settings',
    remountDeps: ({ params }) => params,
    component: page(organization, 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/tokens',
    validateSearch: listSearch(['status', 'org', 'owner', 'expires', 'used']),
    component: page(tokens, 'TokensPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/tokens/$id',
    remountDeps: ({ params }) => params,
    component: page(() => import('./pages/token.tsx'), 'TokenPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/tokens/new',
    component: page(() => import('./pages/new-token.tsx'), 'NewTokenPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    validateSearch: (given: Record<string, unknown>): AuditSearch => {
      const known = [...AUDIT_FILTERS, 'after'].map((name) => [name, given[name]] as const)
      return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''))
    },
    component: page(() => import('./pages/audit.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/sessions',
    validateSearch: listSearch([]),
    component: page(() => import('./pages/live-sessions.tsx'), 'LiveSessionsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/upstream',
    component: page(() => import('./pages/upstream.tsx'), 'UpstreamPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/command-line',
    validateSearch: ({
      request,
      outcome,
    }: Record<string, unknown>): { request?: string; outcome?: string } => ({
      ...(typeof request === 'string' ? { request } : {}),
      ...(typeof outcome === 'string' ? { outcome } : {}),
    }),
    component: page(commandLine, 'CommandLinePage'),
  }),
  createRoute({ getParentRoute: () => inside, path: '/device', component: page(commandLine, 'DevicePage') }),
  // Every other address, so that the navigation stays.
  createRoute({
    getParentRoute: () => inside,
    path: '$',
    component: page(() => import('./pages/missing.tsx'), 'MissingPage'),
  }),
]

export const router = createRouter({
  basepath: BASE,
  routeTree: root.addChildren([signIn, signOut, setup, ...linkPages, enrol, inside.addChildren(within)]),
  defaultPreload: 'intent',
  // Inside the frame, whose navigation stays usable.
  defaultErrorComponent: ({ error }) => <PageFailed error={error} onRetry={retryPage} inFrame />,
  // Plain query strings with text values, so that links can be written by hand; the router would encode values as
  // JSON.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search).filter(([, value]) => value !== undefined)
    return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
  },
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
