import { createElement } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { provideVSCodeDesignSystem, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { useProperties } from './element';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeCheckbox());

type Box = HTMLElement & { checked: boolean; indeterminate: boolean };

export interface CheckboxProps {
  /** `mixed` where it speaks of several things that differ. */
  readonly checked: boolean | 'mixed';
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

export function Checkbox({ checked, disabled = false, onChange, children }: CheckboxProps) {
  const box = useProperties<Box>((element) => {
    element.checked = checked === true;
    element.indeterminate = checked === 'mixed';
  });
  return createElement(
    'vscode-checkbox',
    {
      ref: box,
      disabled,
      // The element also says `change` when it is told its state; only a person's change is news.
      onChange: (event: FormEvent<Box>) => {
        const now = event.currentTarget.checked;
        if (now !== (checked === true)) onChange(now);
      },
    },
    children,
  );
}
