/** Every address that is no page, inside the frame. */
import { addressOf } from '../api/base.ts'
import { texts } from '../texts/all.ts'
import { buttonClass } from '../ui/button.tsx'
import { PageTitle } from '../ui/page.tsx'

export function MissingPage() {
  return (
    <>
      <PageTitle title={texts.errors.notFound} lead={texts.errors.notFoundText} />
      <a className={buttonClass({ look: 'primary' })} href={addressOf('/')}>
        {texts.errors.home}
      </a>
    </>
  )
}
