import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { serverNow } from '../api/client.ts'
import { PAGE, tokens } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Empty, ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { Icon } from '../ui/icons.tsx'
import { pageOf, useListState } from '../ui/list-state.ts'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type TokenAct, TokenDialog, useTokenChange } from '../ui/token-actions.tsx'
import { nameOf, type Token, tokenRights } from '../ui/token-state.ts'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { useTokenOrganizations } from '../ui/use-token-organizations.ts'
import { TokenFilters } from './token-filters.tsx'
import { listedTokens, type TokenFilter } from './token-list.ts'
import { ChangeMany, type ManyAct, SelectionBar } from './token-selection.tsx'
import { TokenTable } from './token-table.tsx'

const route = getRouteApi('/inside/tokens')

export function TokensPage() {
  const query = useQuery(tokens)
  const mayCreate = (useTokenOrganizations()?.length ?? 0) > 0
  return (
    <>
      <PageTitle title={texts.tokens.title} lead={texts.tokens.help}>
        {mayCreate && (
          <Link to="/tokens/new" className={buttonClass({ look: 'primary' })}>
            <Icon name="plus" size={16} />
            {texts.tokens.create}
          </Link>
        )}
      </PageTitle>
      <Card>
        <Loaded query={query} lines={6}>
          {(all) =>
            all.length > 0 ? (
              <List all={all} />
            ) : (
              <Empty icon="tokens" title={texts.tokens.empty}>
                {mayCreate ? texts.tokens.emptyText : texts.tokens.emptyMember}
              </Empty>
            )
          }
        </Loaded>
      </Card>
    </>
  )
}

function List({ all }: { all: readonly Token[] }) {
  const asked = route.useSearch()
  const list = useListState<TokenFilter>(asked)
  const rights = useRights()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [action, setAction] = useState<{ act: TokenAct; token: Token }>()
  const change = useTokenChange()
  const enable = useAct((token: Token) =>
    change(token, { status: 'active' }, texts.tokens.onDone(nameOf(token))),
  )
  const [many, setMany] = useState<ManyAct>()
  const found = useMemo(() => listedTokens(all, asked, serverNow()), [all, asked])
  const { page, shown } = pageOf(found, list.page, PAGE)
  // What a filter hides is not changed.
  const chosen = found.filter(({ id }) => selected.has(id))
  const close = () => setAction(undefined)
  return (
    <>
      <TokenFilters all={all} asked={asked} list={list} />
      <ErrorNotice error={enable.error} />
      {chosen.length > 0 && (
        <SelectionBar
          chosen={chosen}
          found={found}
          onSelect={(ids) => setSelected(new Set(ids))}
          onAct={setMany}
        />
      )}
      {found.length === 0 ? (
        <Empty icon="search" title={texts.tokens.noMatch}>
          <p>{texts.tokens.noMatchText}</p>
          <Button onClick={list.clear}>{texts.clearFilters}</Button>
        </Empty>
      ) : (
        <>
          <TokenTable
            tokens={shown}
            selected={selected}
            sort={asked.sort}
            hasOwners={all.some(({ userID }) => userID !== rights.userID)}
            onSelect={setSelected}
            onSort={(sort) => list.change({ sort })}
            onAct={(act, token) => (act === 'on' ? enable.run(token) : setAction({ act, token }))}
          />
          <Pager page={page} size={PAGE} total={found.length} onPage={list.setPage} />
        </>
      )}
      {action && (
        <TokenDialog
          act={action.act}
          token={action.token}
          rights={tokenRights(rights, action.token)}
          onClose={close}
        />
      )}
      {many && <ChangeMany act={many} tokens={chosen} onClose={() => setMany(undefined)} />}
    </>
  )
}
