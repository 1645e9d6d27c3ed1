import type { ReactNode } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { Icon } from './icons.tsx'

export interface Action {
  readonly id: string
  readonly label: string
  readonly bad?: boolean
  readonly chosen?: boolean
  act(): void
}

/** A button that opens a list of actions; groups are parted by a line. */
export function ActionMenu({
  label,
  groups,
  children,
}: {
  label: string
  groups: readonly (readonly Action[])[]
  children?: ReactNode
}) {
  return (
    <MenuTrigger>
      <Button className={children ? 'button plain' : 'button plain small icon'} aria-label={label}>
        {children ?? <Icon name="more" />}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={label}>
          {groups.flatMap((actions, at) => [
            ...(at > 0 ? [<Separator key={`line-${actions[0]?.id}`} className="option-separator" />] : []),
            ...actions.map(({ id, label: text, bad, chosen, act }) => (
              <MenuItem
                key={id}
                id={id}
                textValue={text}
                className={bad ? 'option bad' : 'option'}
                onAction={act}
              >
                {text}
                {chosen && <Icon name="check" size={16} />}
              </MenuItem>
            )),
          ])}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
