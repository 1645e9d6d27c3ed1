/** What the page loads first: it lets the browser paint the page before the console is compiled and run. */
import './style/base.css'

const load = () => import('./main.tsx')

// A page in the background is not painted, and is loaded all the same.
if (document.hidden) load()
else requestAnimationFrame(() => setTimeout(load))
