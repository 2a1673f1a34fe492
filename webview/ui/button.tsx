import { createElement } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { Icon } from './icon';
import './controls.css';

provideVSCodeDesignSystem().register(vsCodeButton());

export interface ButtonProps {
  readonly appearance?: 'primary' | 'secondary';
  readonly icon?: string;
  readonly title?: string;
  /** Its name, where the words on it may be hidden. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

/** A button with words on it. */
export function Button({
  appearance = 'secondary',
  icon,
  label,
  disabled = false,
  children,
  ...rest
}: ButtonProps) {
  return createElement(
    'vscode-button',
    { ...rest, 'aria-label': label, appearance, disabled },
    icon === undefined ? null : <Icon name={icon} slot="start" />,
    children,
  );
}

export interface IconButtonProps {
  readonly icon: string;
  /** What it does, for the tooltip and the screen reader. */
  readonly label: string;
  /** Shown in the tooltip after the label. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** Why it cannot be used now, in the tooltip; it does nothing then, but keeps the focus that it may have. */
  readonly reason?: string | undefined;
  /** For a button that switches something on and off. */
  readonly pressed?: boolean;
  readonly className?: string;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
}

/** A button that is one codicon, as in VS Code's toolbars. */
export function IconButton({
  icon,
  label,
  keys,
  disabled = false,
  reason,
  pressed,
  className,
  onClick,
}: IconButtonProps) {
  return (
    <button
      type="button"
      className={className === undefined ? 'icon-button' : `icon-button ${className}`}
      title={`${label}${keys === undefined ? '' : ` (${keys})`}${reason === undefined ? '' : `\n${reason}`}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={reason !== undefined || undefined}
      disabled={disabled}
      onClick={reason === undefined ? onClick : undefined}
    >
      <Icon name={icon} />
    </button>
  );
}
