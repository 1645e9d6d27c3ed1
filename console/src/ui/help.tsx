import { Popover, PopoverDisclosure, PopoverProvider } from '@ariakit/react/popover'
import { texts } from '../texts/all.ts'
import { Icon } from './icons.tsx'

/** A "What's this?" button with an explanation. */
export function Help({ children, about }: { children: string; about: string }) {
  return (
    <PopoverProvider placement="bottom">
      <PopoverDisclosure className="help" aria-label={`${about}: ${texts.whatIsThis}`}>
        <Icon name="help" size={17} />
      </PopoverDisclosure>
      <Popover className="popover text" fixed unmountOnHide gutter={8} aria-label={about}>
        {children}
      </Popover>
    </PopoverProvider>
  )
}
