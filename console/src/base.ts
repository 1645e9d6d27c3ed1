/** Where the server has put the console: at `/`, or below it. One build serves both. */

/** In a variable, because Vite would take `new URL(…, import.meta.url)` for a file that it has to bundle. */
const SCRIPT = import.meta.url

/** The folder above the one of the scripts: `/` or `/console/`. */
export const BASE = new URL('../', SCRIPT).pathname

/** Whether the UI of InfluxDB is at `/`, and the console below it. */
export const IS_BESIDE_UI = BASE !== '/'

/** The address of a file, document or page of the console, such as `/docs/`, for links outside the router. */
export const addressOf = (path: string): string => BASE + path.slice(1)
