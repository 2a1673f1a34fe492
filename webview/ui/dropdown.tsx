import { createElement, useId } from 'react';
import type { FormEvent } from 'react';
import { provideVSCodeDesignSystem, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import { setAttributes, useProperties } from './element';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());

type Select = HTMLElement & { value: string };

export interface DropdownOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface DropdownProps<Value extends string> {
  /** For the screen reader; draw a visible label beside it. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly DropdownOption<Value>[];
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onChange: (value: Value) => void;
}

export function Dropdown<Value extends string>({
  label,
  value,
  options,
  disabled = false,
  className,
  onChange,
}: DropdownProps<Value>) {
  const id = useId();
  const select = useProperties<Select>((element) => {
    setAttributes(element, { 'aria-label': label });
    // Its options register themselves a turn later; a value set before that falls back to the first.
    queueMicrotask(() => {
      if (element.value !== value) element.value = value;
    });
  });
  return createElement(
    'vscode-dropdown',
    {
      ref: select,
      className,
      disabled,
      onChange: (event: FormEvent<Select>) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen && chosen.value !== value) onChange(chosen.value);
      },
    },
    options.map((option) =>
      createElement(
        'vscode-option',
        {
          key: option.value,
          id: `${id}-${option.value}`,
          value: option.value,
          selected: option.value === value,
        },
        option.label,
      ),
    ),
  );
}
