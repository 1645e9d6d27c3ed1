/** The frame around every page: header, navigation, and the session watch. */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '../api/problem.ts'
import { grantsOf, me } from '../api/queries.ts'
import { addressOf, IS_BESIDE_UI } from '../base.ts'
import { SessionWatch } from '../session/session-watch.tsx'
import { signOut } from '../session/sign-in.ts'
import { SignInAgain } from '../session/sign-in-again.tsx'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import { chooseScheme, chosenScheme, type Scheme } from '../ui/scheme.ts'
import { say, Toasts } from '../ui/toast.tsx'

const PAGES: readonly { to: string; label: string; icon: IconName; for: 'operator' | 'owner' | 'all' }[] = [
  { to: '/overview', label: texts.nav.overview, icon: 'overview', for: 'operator' },
  { to: '/people', label: texts.nav.people, icon: 'people', for: 'operator' },
  { to: '/organizations', label: texts.nav.organizations, icon: 'organizations', for: 'all' },
  { to: '/tokens', label: texts.nav.tokens, icon: 'tokens', for: 'all' },
  { to: '/audit', label: texts.nav.audit, icon: 'audit', for: 'owner' },
  { to: '/account', label: texts.nav.account, icon: 'account', for: 'all' },
]

export function Frame() {
  const user = useQuery(me).data
  const grants = useQuery({ ...grantsOf(user?.id ?? ''), enabled: user !== undefined }).data
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [open, setOpen] = useState(false)
  const page = useRef<HTMLElement>(null)
  const before = useRef(path)

  // Moves focus to a new page, so that screen readers and Tab continue there.
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    setOpen(false)
    page.current?.focus({ preventScroll: true })
  }, [path])

  const isOperator = grants?.operator ?? false
  const isOwner =
    isOperator ||
    (grants?.grants.some(({ role, resource }) => role === 'owner' && resource?.type === 'orgs') ?? false)
  const shown = PAGES.filter((each) => each.for === 'all' || (each.for === 'owner' ? isOwner : isOperator))

  return (
    <div className="frame">
      <a className="skip" href="#page">
        {texts.skip}
      </a>
      <header className="head">
        <Button
          look="plain"
          className="icon menu-button"
          aria-label={texts.menu}
          aria-expanded={open}
          aria-controls="side"
          onClick={() => setOpen(!open)}
        >
          <Icon name="menu" />
        </Button>
        <Link to="/" className="brand">
          <img src={addressOf('/favicon.svg')} alt="" width="28" height="28" />
          {texts.name}
        </Link>
        {user && <UserMenu name={user.name} />}
      </header>
      <nav className="side" id="side" aria-label={texts.nav.main} data-open={open}>
        <ul>
          {shown.map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} aria-current={path.startsWith(to) ? 'page' : undefined}>
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="page" id="page" ref={page} tabIndex={-1}>
        <Outlet />
      </main>
      <SessionWatch />
      <SignInAgain />
      <Toasts />
    </div>
  )
}

function UserMenu({ name }: { name: string }) {
  const navigate = useNavigate()
  const [scheme, setScheme] = useState(chosenScheme)
  const schemes = (['system', 'light', 'dark'] as const).map((each: Scheme) => ({
    id: each,
    label: `${texts.scheme.label}: ${texts.scheme[each]}`,
    chosen: scheme === each,
    act() {
      chooseScheme(each)
      setScheme(each)
    },
  }))
  async function leave(): Promise<void> {
    try {
      await signOut()
    } catch (error) {
      say(texts.errors.notSignedOut(asProblem(error).message))
      return
    }
    await navigate({ to: '/signin' })
  }
  return (
    <ActionMenu
      label={`${texts.nav.account}: ${name}`}
      groups={[
        [
          { id: 'profile', label: texts.nav.profile, act: () => navigate({ to: '/account' }) },
          { id: 'sessions', label: texts.nav.sessions, act: () => navigate({ to: '/account/sessions' }) },
        ],
        schemes,
        [
          ...(IS_BESIDE_UI ? [{ id: 'influxdb', label: texts.nav.influxdb, href: '/' }] : []),
          { id: 'documentation', label: texts.documentation, href: addressOf('/docs/') },
        ],
        [{ id: 'out', label: texts.nav.signOut, act: leave }],
      ]}
    >
      <Icon name="account" />
      <span className="who">{name}</span>
    </ActionMenu>
  )
}
