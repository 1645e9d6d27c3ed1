/** The upstreams about whose requests other gateways may ask, by the name that they give (`?upstream=NAME`). */
import type { DescribedUpstream } from '../http/gateway/described.ts'
import type { UpstreamSettings } from './upstream-files.ts'

interface Known {
  readonly settings: Pick<UpstreamSettings, 'name' | 'kind'>
  readonly described: DescribedUpstream
}

/** One without a name of its own is known by its kind, unless another one would be too. */
export function describedByName(all: readonly Known[]): ReadonlyMap<string, DescribedUpstream> {
  const nameless = all.filter(({ settings }) => settings.name === undefined)
  const isOnly = ({ settings: { kind } }: Known) =>
    nameless.filter(({ settings }) => settings.kind === kind).length === 1
  return new Map(
    all
      .filter((each) => each.settings.name !== undefined || isOnly(each))
      .map(({ settings: { name, kind }, described }) => [name ?? kind, described]),
  )
}
