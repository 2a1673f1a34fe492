import { createElement } from 'react';
import { provideVSCodeDesignSystem, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeProgressRing());

/** Something is under way and nobody knows for how long. */
export function ProgressRing({ label }: { readonly label: string }) {
  // The toolkit's own label, "Loading", takes the place of any that is there before the element is on the page.
  const relabel = (ring: HTMLElement | null) => ring?.setAttribute('aria-label', label);
  return createElement('vscode-progress-ring', { ref: relabel });
}
