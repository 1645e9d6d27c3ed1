/** Where the server has put the console: at `/`, or below it. One build serves all. */

/** In a variable, because Vite would take `new URL(…, import.meta.url)` for a file that it has to bundle. */
const SCRIPT = import.meta.url

/** The folder above the one of the scripts: `/`, `/console/`, or the path of a proxy such as `/sluice/`. */
export const BASE = new URL('../', SCRIPT).pathname

/** Whether the UI of InfluxDB is at `/`, and the console below it. The server allows no other path of that name. */
export const IS_BESIDE_UI = BASE === '/console/'

/** Where the API is: `/`, or the path of a proxy such as `/sluice/`. */
export const SERVER = IS_BESIDE_UI ? '/' : BASE

/** The address of a file, document or page of the console, such as `/docs/`, for links outside the router. */
export const addressOf = (path: string): string => BASE + path.slice(1)
