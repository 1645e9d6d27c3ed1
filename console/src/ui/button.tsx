import type { ComponentProps, ReactNode } from 'react'

export type Look = 'primary' | 'bad' | 'bad-fill' | 'plain'

export function buttonClass({ look, small, extra }: { look?: Look; small?: boolean; extra?: string } = {}) {
  return ['button', look, small && 'small', extra].filter(Boolean).join(' ')
}

/** A button that ignores clicks while `busy`, but keeps focus, which `disabled` would lose. */
export function Button({
  look,
  small,
  busy = false,
  className,
  onClick,
  type = 'button',
  children,
  ...rest
}: ComponentProps<'button'> & { look?: Look; small?: boolean; busy?: boolean; children: ReactNode }) {
  return (
    <button
      {...rest}
      type={type}
      className={buttonClass({
        ...(look ? { look } : {}),
        ...(small ? { small } : {}),
        ...(className ? { extra: className } : {}),
      })}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {children}
    </button>
  )
}
