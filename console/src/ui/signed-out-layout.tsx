/** The layout of pages before sign-in. */
import { type ReactNode, useEffect, useState } from 'react'
import { addressOf } from '../api/base.ts'
import { texts } from '../texts/entry.ts'
import { chooseScheme, chosenScheme, type Scheme } from './scheme.ts'

export function SignedOutLayout({
  title,
  wide = false,
  children,
}: {
  title: string
  wide?: boolean
  children: ReactNode
}) {
  useEffect(() => {
    document.title = title.includes(texts.name) ? title : `${title} · ${texts.name}`
  }, [title])
  const [scheme, setScheme] = useState(chosenScheme)
  return (
    <div className="signed-out">
      <main className={wide ? 'box wide' : 'box'}>
        <div className="top">
          <img src={addressOf('/favicon.svg')} alt="" width="44" height="44" />
          <h1>{title}</h1>
        </div>
        {children}
      </main>
      <footer>
        <label className="row">
          {texts.scheme.label}
          <select
            className="input role"
            value={scheme}
            onChange={(event) => {
              const chosen = event.target.value as Scheme
              chooseScheme(chosen)
              setScheme(chosen)
            }}
          >
            <option value="system">{texts.scheme.system}</option>
            <option value="light">{texts.scheme.light}</option>
            <option value="dark">{texts.scheme.dark}</option>
          </select>
        </label>
        {/* In a new tab, because the setup page shows its token only once. */}
        <a href={addressOf('/docs/')} target="_blank" rel="noopener">
          {texts.documentation}
        </a>
      </footer>
    </div>
  )
}

/** A page before sign-in that has one card. */
export function SignedOutCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <SignedOutLayout title={title}>
      <div className="card">
        <div className="card-body stack">{children}</div>
      </div>
    </SignedOutLayout>
  )
}
