/** What refuses to start the server: one sentence for whoever configured it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'configuration'
}
