import { defineConfig } from 'vite'

/** In front of which `npx vite console` serves the sources as they are. */
const SERVER = 'http://127.0.0.1:8086'

export default defineConfig({
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      // The host is left as the browser named it: requests by cookie must come from the server's own origin.
      ['/api', '/docs', '/health', '/metrics'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})
