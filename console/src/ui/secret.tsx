import { useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { Icon } from './icons.tsx'
import { say } from './toast.tsx'

/** Copies a text, and reports if the browser does not allow it. */
export function CopyButton({
  text,
  of,
  label = texts.copy,
}: {
  text: string
  /** What the text belongs to, for screen readers, if several buttons are alike. */
  of?: string
  label?: string
}) {
  const [copied, setCopied] = useState(false)
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      setTimeout(() => setCopied(false), 2500)
    } catch {
      say(texts.errors.copyFailed)
    }
  }
  return (
    <Button small onClick={copy} aria-live="polite" aria-label={of && !copied ? `${label} ${of}` : undefined}>
      <Icon name={copied ? 'check' : 'copy'} size={16} />
      {copied ? texts.copied : label}
    </Button>
  )
}

/** A secret that is shown once. */
export function Secret({ value, label }: { value: string; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields, this is text and a button
    <div className="secret" role="group" aria-label={label}>
      <code data-secret>{value}</code>
      <CopyButton text={value} />
    </div>
  )
}
