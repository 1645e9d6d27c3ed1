/** Shown in place of a page that the signed-in user may not open, so that no control on it looks usable. */
import type { ReactNode } from 'react'
import { texts } from '../texts/all.ts'
import { Empty, Loading } from './feedback.tsx'
import { Card, PageTitle } from './page.tsx'
import { useRights } from './use-rights.ts'

/** Shows the page once it is known that the user is an operator, or with `owners` also an owner of an organization. */
export function Restricted({
  title,
  owners = false,
  children,
}: {
  title: string
  owners?: boolean
  children: ReactNode
}) {
  const { userID, operator, owned } = useRights()
  if (operator || (owners && owned.size > 0)) return children
  return (
    <>
      <PageTitle title={title} />
      <Card>
        {userID === undefined ? (
          <Loading lines={6} />
        ) : (
          <Empty icon="lock" title={texts.errors.noAccess}>
            {owners ? texts.restricted.ownersOnly : texts.restricted.operatorsOnly}
          </Empty>
        )}
      </Card>
    </>
  )
}
