/**
 * The paths of the API, and those that only InfluxDB has, which the API answers with 404: at all of them a browser
 * gets the API's response and no page of the console.
 */
export const API_PATHS: readonly string[] = [
  ...['/api', '/health', '/ready', '/ping', '/metrics'],
  ...['/query', '/write', '/debug', '/private', '/legacy'],
]
