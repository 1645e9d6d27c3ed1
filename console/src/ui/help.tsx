import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { texts } from '../texts/all.ts'
import { Icon } from './icons.tsx'

/** "What's this?" beside what is not obvious. */
export function Help({ children, about }: { children: string; about: string }) {
  return (
    <DialogTrigger>
      <Button className="help" aria-label={`${about}: ${texts.whatIsThis}`}>
        <Icon name="help" size={17} />
      </Button>
      <Popover className="popover text">
        <Dialog aria-label={about}>{children}</Dialog>
      </Popover>
    </DialogTrigger>
  )
}
