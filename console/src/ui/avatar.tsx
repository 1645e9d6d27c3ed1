import { initialsOf } from './initials.ts'

/** The initials of a user in a circle, beside the name that says the same. A style draws them, so they are no text. */
export function Avatar({ name }: { name: string }) {
  return <span className="avatar" aria-hidden="true" data-initials={initialsOf(name)} />
}
