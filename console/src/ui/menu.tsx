import { Menu, MenuButton, MenuItem, MenuProvider, MenuSeparator, useMenuStore } from '@ariakit/react/menu'
import { type ReactNode, useRef } from 'react'
import { Icon } from './icons.tsx'

export interface Action {
  readonly id: string
  readonly label: string
  readonly bad?: boolean
  readonly chosen?: boolean
  act?(): void
  /** The address, for links outside the console. */
  readonly href?: string
}

/** A button that opens a menu of actions; groups are separated by a line. */
export function ActionMenu({
  label,
  groups,
  children,
}: {
  label: string
  groups: readonly (readonly Action[])[]
  children?: ReactNode
}) {
  const button = useRef<HTMLButtonElement>(null)
  const menu = useMenuStore({ placement: 'bottom-end' })
  /** With the focus on the button: a dialog gives it back to where it was, and the list is gone by then. */
  function from(act: (() => void) | undefined): void {
    if (!act) return
    button.current?.focus()
    act()
  }
  /**
   * Hides the menu once. Ariakit hides it a second time two frames after Escape, which would close
   * a menu that Enter has opened again in the meantime.
   */
  function hideOnEscape(event: { preventDefault(): void; stopPropagation(): void }): boolean {
    event.preventDefault()
    event.stopPropagation()
    menu.hide()
    return false
  }
  return (
    <MenuProvider store={menu}>
      <MenuButton
        ref={button}
        className={children ? 'button plain' : 'button plain small icon'}
        aria-label={label}
      >
        {children ?? <Icon name="more" />}
      </MenuButton>
      <Menu className="popover" fixed unmountOnHide gutter={8} hideOnEscape={hideOnEscape} aria-label={label}>
        {groups.flatMap((actions, at) => [
          ...(at > 0 ? [<MenuSeparator key={`line-${actions[0]?.id}`} className="option-separator" />] : []),
          ...actions.map(({ id, label: text, bad, chosen, act, href }) => (
            <MenuItem
              key={id}
              className={bad ? 'option bad' : 'option'}
              onClick={() => from(act)}
              {...(href ? { render: <a href={href}>{text}</a> } : {})}
            >
              {text}
              {chosen && <Icon name="check" size={16} />}
            </MenuItem>
          )),
        ])}
      </Menu>
    </MenuProvider>
  )
}
