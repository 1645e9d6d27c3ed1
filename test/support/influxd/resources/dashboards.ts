/** Dashboards with their cells, and the views of the cells. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, json, NO_CONTENT, type Sent, sentJSON } from '../core/exchange.ts'
import type { Action } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { nowText, type Record_ } from '../core/state.ts'
import { crudRoutes, foundFor, type Kind } from './crud.ts'

const DASHBOARDS: Kind = {
  type: 'dashboards',
  path: '/api/v2/dashboards',
  list: 'dashboards',
  notFound: 'dashboard not found',
  changes: ['PATCH'],
  links: ['self', 'members', 'owners', 'cells', 'labels'],
  hasLabels: true,
  listLinks: 'pages',
  defaults: { description: '', cells: [] },
  hidden: ['views'],
}

const CELLS = '/api/v2/dashboards/:id/cells'

export const DASHBOARD_ROUTES: readonly Route[] = [
  ...crudRoutes(DASHBOARDS),
  route('POST', CELLS, addCell),
  route('PUT', CELLS, replaceCells),
  route('PATCH', `${CELLS}/:cellID`, changeCell),
  route('DELETE', `${CELLS}/:cellID`, removeCell),
  route('GET', `${CELLS}/:cellID/view`, (exchange) => view(exchange, 'read')),
  route('PATCH', `${CELLS}/:cellID/view`, (exchange) => view(exchange, 'write')),
]

function changed(exchange: Exchange, cells: readonly Sent[]): Record_ {
  const dashboard = foundFor(exchange, DASHBOARDS, 'write')
  dashboard.cells = cells
  dashboard.updatedAt = nowText()
  return dashboard
}

function withLinks(exchange: Exchange, cell: Sent): Sent {
  const self = `/api/v2/dashboards/${exchange.params.id}/cells/${cell.id}`
  return { ...cell, links: { self, view: `${self}/view` } }
}

function addCell(exchange: Exchange): Answer {
  const { cells } = foundFor(exchange, DASHBOARDS, 'write')
  const { name, ...place } = sentJSON(exchange)
  const cell = withLinks(exchange, { id: exchange.state.nextID(), ...place })
  changed(exchange, [...cells, cell])
  return json(201, cell)
}

function replaceCells(exchange: Exchange): Answer {
  const cells = sentJSON(exchange).map((cell: Sent) =>
    withLinks(exchange, { ...cell, id: cell.id ?? exchange.state.nextID() }),
  )
  return json(200, changed(exchange, cells))
}

function cellOf(exchange: Exchange, action: Action): Sent {
  const { cells } = foundFor(exchange, DASHBOARDS, action)
  const cell = cells.find(({ id }: Sent) => id === exchange.params.cellID)
  if (!cell) throw new InfluxError('not found', 'cell not found')
  return cell
}

function changeCell(exchange: Exchange): Answer {
  const cell = Object.assign(cellOf(exchange, 'write'), sentJSON(exchange))
  return json(200, cell)
}

function removeCell(exchange: Exchange): Answer {
  const cell = cellOf(exchange, 'write')
  const { cells } = foundFor(exchange, DASHBOARDS, 'write')
  changed(
    exchange,
    cells.filter((each: Sent) => each !== cell),
  )
  return NO_CONTENT
}

/** Views are kept beside the cells, under the cell's id. */
function view(exchange: Exchange, action: Action): Answer {
  const { id } = cellOf(exchange, action)
  const dashboard = foundFor(exchange, DASHBOARDS, action)
  dashboard.views ??= {}
  const { views } = dashboard
  if (action === 'write') views[id] = { ...views[id], ...sentJSON(exchange) }
  return json(200, { id, name: '', properties: null, ...views[id] })
}
