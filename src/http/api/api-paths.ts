/**
 * The paths that are the API's, and those that InfluxDB has besides, where the API says 404: at all of them a browser
 * gets the API's answers and no page of the console.
 */
export const API_PATHS: readonly string[] = [
  ...['/api', '/health', '/ready', '/ping', '/metrics'],
  ...['/query', '/write', '/debug', '/private', '/legacy'],
]
