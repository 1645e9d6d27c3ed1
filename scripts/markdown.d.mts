export function htmlOf(
  markdown: string,
  links: {
    linkTo(href: string): string | undefined
    imageOf(href: string): { address: string; width: number; height: number }
    titleOf(href: string): string
  },
): { html: string; sections: { id: string; content: string }[] }
