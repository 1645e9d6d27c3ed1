/** Icons, 20 by 20; hidden from screen readers, because they always accompany text. */
const PATHS = {
  overview: 'M3 11.5 10 4l7 7.5M5 10v6.5h10V10',
  people:
    'M7.5 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 17c.4-3 2.6-5 5.500-5s5.100 2 5.500 5M13 3.300a3 3 0 0 1 0 5.400M15 12.400c1.700.8 2.800 2.400 3 4.600',
  organizations: 'M3 17V6l7-3 7 3v11M2 17h16M7 9h1.500M11.500 9H13M7 12.500h1.500M11.500 12.500H13',
  tokens:
    'M12.500 10.500a4 4 0 1 0-3.600-2.300L3 14v3h3v-2h2v-2l2.200-2.200c.7.400 1.500.6 2.300.6ZM13.500 6.500h.01',
  audit: 'M5 3h10v14H5zM7.500 7h5M7.500 10h5M7.500 13h3',
  account:
    'M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3.500 17.500c.6-3.300 3.200-5 6.500-5s5.900 1.700 6.500 5',
  menu: 'M3 6h14M3 10h14M3 14h14',
  eye: 'M1.800 10S4.800 4.500 10 4.500 18.200 10 18.200 10 15.200 15.500 10 15.500 1.800 10 1.800 10ZM10 12.400a2.400 2.400 0 1 0 0-4.800 2.400 2.400 0 0 0 0 4.800Z',
  eyeOff:
    'M3 3l14 14M8.300 4.700A8.300 8.300 0 0 1 10 4.500c5.200 0 8.200 5.500 8.200 5.500a14 14 0 0 1-2.300 2.900M5.300 6.300A13.600 13.600 0 0 0 1.800 10s3 5.500 8.200 5.500c1.300 0 2.500-.3 3.600-.9',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  check: 'M4 10.500 8 14.500 16 6',
  warn: 'M10 3 1.800 16.500h16.400L10 3ZM10 8v4M10 14.300v.01',
  info: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15ZM10 9v4.500M10 6.500v.01',
  help: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15ZM7.800 7.800a2.200 2.200 0 1 1 3.300 1.900c-.7.400-1.100.9-1.100 1.700M10 14v.01',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  search: 'M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM17 17l-3.700-3.700',
  device: 'M3 4h14v9H3zM7.500 17h5M10 13v4',
  chevron: 'M7 5l5 5-5 5',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  plus: 'M10 4v12M4 10h12',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
