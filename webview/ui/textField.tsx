import { createElement } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { provideVSCodeDesignSystem, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { setAttributes, useProperties } from './element';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeTextField());

type Field = HTMLElement & { value: string; control?: HTMLInputElement };

export interface TextFieldProps {
  /** For the screen reader; draw a visible label beside the field. */
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** Says what is wrong with the value, and outlines the field. */
  readonly invalid?: string;
  readonly autofocus?: boolean;
  readonly className?: string;
  /** `decimal` and `numeric` bring up number keys on a touch screen. */
  readonly inputMode?: 'text' | 'decimal' | 'numeric';
  readonly onInput: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  /** Shown inside the field, at its end. */
  readonly children?: ReactNode;
}

export function TextField({
  label,
  value,
  placeholder,
  disabled = false,
  invalid,
  autofocus = false,
  className,
  inputMode = 'text',
  onInput,
  onKeyDown,
  children,
}: TextFieldProps) {
  const field = useProperties<Field>((element) => {
    if (element.value !== value) element.value = value;
    labelControl(element, label, invalid, inputMode);
  });
  return createElement(
    'vscode-text-field',
    {
      ref: field,
      className: [className ?? '', invalid === undefined ? '' : 'invalid'].filter(Boolean).join(' '),
      placeholder,
      disabled,
      autofocus,
      onInput: (event: FormEvent<Field>) => onInput(event.currentTarget.value),
      onKeyDown,
    },
    children,
  );
}

/** The element hands its label on to the input in its shadow root; what it has no property for is set there. */
function labelControl(element: Field, label: string, invalid: string | undefined, inputMode: string): void {
  // The toolkit writes "Text field" here when the element is connected.
  setAttributes(element, { 'aria-label': label });
  const control = element.shadowRoot?.querySelector('input');
  if (!control) {
    requestAnimationFrame(() => {
      if (element.shadowRoot?.querySelector('input')) labelControl(element, label, invalid, inputMode);
    });
    return;
  }
  setAttributes(control, {
    inputmode: inputMode,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-invalid': invalid === undefined ? undefined : 'true',
  });
}
