/** The first script of the page. It lets the browser paint before it loads and runs the console. */
import './style/base.css'

const load = () => import('./main.tsx')

// A hidden page gets no animation frames, so it loads the console directly.
if (document.hidden) load()
else requestAnimationFrame(() => setTimeout(load))
