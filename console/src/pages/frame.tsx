/** The frame around every page: header, navigation, shortcuts, and the session watch. */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { addressOf, IS_BESIDE_UI } from '../api/base.ts'
import { me } from '../api/entry-queries.ts'
import { asProblem } from '../api/problem.ts'
import { hasToDoWithFactors, ownFactors } from '../api/queries.ts'
import { SessionWatch } from '../session/session-watch.tsx'
import { signOut } from '../session/sign-in.ts'
import { SignInAgain } from '../session/sign-in-again.tsx'
import { texts } from '../texts/all.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { applyDensity, chooseCompact, isCompact } from '../ui/density.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import type { Rights } from '../ui/rights.ts'
import { chooseScheme, chosenScheme, type Scheme } from '../ui/scheme.ts'
import { focusSearch, shortcutOf } from '../ui/shortcuts.ts'
import { say, Toasts } from '../ui/toast.tsx'
import { useRights } from '../ui/use-rights.ts'
import { useNavCounts } from './nav-counts.ts'
import type { Command } from './palette.tsx'

applyDensity()

const importPalette = () => import('./palette.tsx')
const Palette = lazy(async () => ({ default: (await importPalette()).Palette }))
const importKeys = () => import('./keys.tsx')
const Keys = lazy(async () => ({ default: (await importKeys()).Keys }))

const PAGES: readonly { to: string; label: string; icon: IconName; for: 'operator' | 'owner' | 'all' }[] = [
  { to: '/overview', label: texts.nav.overview, icon: 'overview', for: 'operator' },
  { to: '/people', label: texts.nav.people, icon: 'people', for: 'operator' },
  { to: '/organizations', label: texts.nav.organizations, icon: 'organizations', for: 'all' },
  { to: '/tokens', label: texts.nav.tokens, icon: 'tokens', for: 'all' },
  { to: '/sessions', label: texts.nav.allSessions, icon: 'device', for: 'operator' },
  { to: '/audit', label: texts.nav.audit, icon: 'audit', for: 'owner' },
  { to: '/account', label: texts.nav.account, icon: 'account', for: 'all' },
]

function pagesFor({ operator, owned }: Rights) {
  const isOwner = operator || owned.size > 0
  return PAGES.filter((each) => each.for === 'all' || (each.for === 'owner' ? isOwner : operator))
}

export function Frame() {
  const user = useQuery(me).data
  const rights = useRights()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [open, setOpen] = useState(false)
  const [over, setOver] = useState<'palette' | 'keys'>()
  const page = useRef<HTMLElement>(null)
  const before = useRef(path)
  const account = useAccountActions(() => show('keys'))
  const counts = useNavCounts(rights)
  const own = useQuery({ ...ownFactors, enabled: over === 'palette' }).data

  // Moves focus to a new page, so that screen readers and Tab continue there.
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    setOpen(false)
    page.current?.focus({ preventScroll: true })
  }, [path])

  async function show(next: 'palette' | 'keys'): Promise<void> {
    try {
      await (next === 'palette' ? importPalette() : importKeys())
      setOver(next)
    } catch {
      say(texts.errors.unreachable)
    }
  }

  // Before the page is painted, so that a key pressed as soon as it is visible is not lost.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `show` uses nothing that changes
  useLayoutEffect(() => {
    function press(event: KeyboardEvent): void {
      const shortcut = shortcutOf(event)
      if (!shortcut) return
      if (shortcut === 'search') {
        if (focusSearch()) event.preventDefault()
        return
      }
      event.preventDefault()
      void show(shortcut)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])

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
        <Button
          className="find"
          aria-haspopup="dialog"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => show('palette')}
          onPointerEnter={() => importPalette().catch(() => undefined)}
        >
          <Icon name="search" size={18} />
          <span className="find-text">{texts.palette.open}</span>
          <span className="kbd">Ctrl K</span>
        </Button>
        {user && <UserMenu name={user.name} actions={account} />}
      </header>
      <nav className="side" id="side" aria-label={texts.nav.main} data-open={open}>
        <ul>
          {pagesFor(rights).map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}>
                <Icon name={icon} />
                {label}
                {counts[to] !== undefined && (
                  // The page says it in words.
                  <span className="count" aria-hidden="true">
                    {counts[to].toLocaleString()}
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="page" id="page" ref={page} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {over === 'palette' && (
          <Palette
            pages={pagesToFind(rights, hasToDoWithFactors(own))}
            actions={actionsToFind(rights, account)}
            onClose={() => setOver(undefined)}
          />
        )}
        {over === 'keys' && <Keys onClose={() => setOver(undefined)} />}
      </Suspense>
      <SessionWatch />
      <SignInAgain />
      <Toasts />
    </div>
  )
}

function pagesToFind(rights: Rights, hasFactors: boolean): Command[] {
  const { palette, nav } = texts
  const page = (label: string, icon: IconName, to: string): Command => ({ id: to, label, icon, to })
  return [
    ...pagesFor(rights).map(({ to, label, icon }) => page(label, icon, to)),
    page(`${nav.account}: ${nav.sessions}`, 'device', '/account/sessions'),
    page(`${nav.account}: ${nav.permissions}`, 'account', '/account/permissions'),
    ...(hasFactors
      ? [page(`${nav.account}: ${nav.secondFactors}`, 'account', '/account/second-factors')]
      : []),
    ...(rights.operator
      ? [
          page(palette.refusedSignIns, 'audit', '/audit?event=signin&outcome=refused'),
          page(palette.expiring, 'tokens', '/tokens?status=active&expires=soon'),
          page(palette.neverUsed, 'tokens', '/tokens?status=active&used=never'),
          page(texts.upstream.title, 'organizations', '/upstream'),
        ]
      : []),
  ]
}

function actionsToFind({ operator, owned }: Rights, account: AccountActions): Command[] {
  return [
    ...(operator || owned.size > 0
      ? [{ id: 'new-token', icon: 'plus' as const, label: texts.tokens.create, to: '/tokens/new' }]
      : []),
    { id: 'password', icon: 'account', label: texts.account.change, to: '/account' },
    ...account.schemes.map(({ id, act }) => ({
      ...{ id: `theme-${id}`, icon: 'eye' as const, act },
      label: texts.palette.theme(texts.scheme[id]),
    })),
    { ...account.density, icon: 'overview' },
    { id: 'keys', icon: 'help', label: texts.palette.keys, act: account.showKeys },
    {
      ...{ id: 'docs', icon: 'info', label: texts.documentation },
      act: () => location.assign(addressOf('/docs/')),
    },
    { id: 'out', icon: 'device', label: texts.nav.signOut, act: account.leave },
  ]
}

type AccountActions = ReturnType<typeof useAccountActions>

/** What the user menu and the search for actions offer. */
function useAccountActions(showKeys: () => void) {
  const navigate = useNavigate()
  const [scheme, setScheme] = useState(chosenScheme)
  const [compact, setCompact] = useState(isCompact)
  const schemes = (['system', 'light', 'dark'] as const).map((id: Scheme) => ({
    id,
    chosen: scheme === id,
    act() {
      chooseScheme(id)
      setScheme(id)
    },
  }))
  const density = {
    ...{ id: 'compact', label: texts.compact, chosen: compact },
    act() {
      chooseCompact(!compact)
      setCompact(!compact)
    },
  }
  async function leave(): Promise<void> {
    try {
      await signOut()
    } catch (error) {
      say(texts.errors.notSignedOut(asProblem(error).message))
      return
    }
    await navigate({ to: '/signin', search: { out: '1' } })
  }
  return { schemes, density, leave, showKeys }
}

function UserMenu({
  name,
  actions: { schemes, density, leave, showKeys },
}: {
  name: string
  actions: AccountActions
}) {
  const navigate = useNavigate()
  return (
    <ActionMenu
      label={`${texts.nav.account}: ${name}`}
      groups={[
        [
          { id: 'profile', label: texts.nav.profile, act: () => navigate({ to: '/account' }) },
          { id: 'sessions', label: texts.nav.sessions, act: () => navigate({ to: '/account/sessions' }) },
        ],
        schemes.map((each) => ({ ...each, label: `${texts.scheme.label}: ${texts.scheme[each.id]}` })),
        [density],
        [
          ...(IS_BESIDE_UI ? [{ id: 'influxdb', label: texts.nav.influxdb, href: '/' }] : []),
          { id: 'documentation', label: texts.documentation, href: addressOf('/docs/') },
          { id: 'keys', label: texts.palette.keys, act: showKeys },
        ],
        [{ id: 'out', label: texts.nav.signOut, act: leave }],
      ]}
    >
      <Avatar name={name} />
      <span className="who">{name}</span>
    </ActionMenu>
  )
}
