import { createElement } from 'react';
import { provideVSCodeDesignSystem, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeProgressRing());

/** Something is under way and nobody knows for how long. */
export function ProgressRing({ label }: { readonly label: string }) {
  return createElement('vscode-progress-ring', { 'aria-label': label });
}
