import { defineConfig } from 'vite'

/** In front of which `npx vite console` serves the sources as they are. */
const SERVER = 'http://127.0.0.1:8086'

export default defineConfig({
  experimental: {
    // The scripts find each other wherever the server puts them; it writes the addresses in pages (console-files.ts).
    renderBuiltUrl: (_name, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // All of these are loaded before sign-in, and one file compresses better than many small ones.
        codeSplitting: {
          groups: [
            {
              name: 'start',
              test: /console\/src\/(base|ui\/(scheme|button|feedback|fallbacks|field|icons|lazy-page|list-search|signed-out-layout|use-act)|texts\/(entry|words)|api\/(client|problem|reauthentication|query-client|entry-queries)|session\/(sign-in|sign-in-form|return-to|lead|use-countdown)|pages\/sign-in|router)\.tsx?$/,
            },
            {
              // Small parts that nearly every page behind sign-in loads, for the same reason.
              name: 'inside',
              test: /console\/src\/(texts\/(all|bytes)|api\/queries|pages\/member-roles|ui\/(avatar|density|device|filter-(bar|select)|initials|links|list-state|no-access|page|pager|retentions|rights|search-field|secret|session-requests|sessions-list|sort-header|status-badge|time|toast|token-(badge|state)|use-(names|rights|token-organizations)))\.tsx?$/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      // The host is left as the browser named it: requests by cookie must come from the server's own origin.
      ['/api', '/docs', '/health', '/metrics'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})
