import { useCallback, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from './icon';
import { useMenu, type Place } from './useMenu';
import './popupMenu.css';

export interface PopupItem {
  readonly label: string;
  readonly icon: string;
  /** Why it cannot be chosen now, in its tooltip. */
  readonly reason?: string | undefined;
  readonly run: () => void;
}

export interface PopupMenuProps {
  /** What the menu is about, for screen readers. */
  readonly label: string;
  /** Its upper left corner, where there is room. */
  readonly at: Place;
  readonly groups: readonly (readonly PopupItem[])[];
  /** What opened it, and closes it by itself. */
  readonly opener?: RefObject<HTMLElement | null>;
  /** `focus`: the keyboard goes back to where it was; `leave`: somebody has put it elsewhere. */
  readonly onClose: (then: 'focus' | 'leave') => void;
}

/** A menu as VS Code's own: arrows walk, Enter chooses, Escape goes back. */
export function PopupMenu({ label, at, groups, opener, onClose }: PopupMenuProps) {
  const leave = useCallback(() => onClose('leave'), [onClose]);
  const { list, walk } = useMenu(at, leave, opener);

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') onClose('focus');
    else if (!walk(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Under the body: a container that is measured holds what is fixed within itself.
  return createPortal(
    <div className="popup-menu" role="menu" aria-label={label} ref={list} tabIndex={-1} onKeyDown={press}>
      {groups.map((group, index) => (
        <div className="popup-group" role="group" key={index}>
          {group.map(({ label: words, icon, reason, run }) => (
            <button
              type="button"
              key={words}
              role="menuitem"
              className="popup-item"
              aria-disabled={reason !== undefined}
              title={reason}
              onClick={() => {
                if (reason !== undefined) return;
                onClose('focus');
                run();
              }}
            >
              <Icon name={icon} />
              <span>{words}</span>
            </button>
          ))}
        </div>
      ))}
    </div>,
    document.body,
  );
}

export interface MenuButtonProps {
  /** What it opens, for the tooltip and the screen reader. */
  readonly label: string;
  readonly icon: string;
  readonly className?: string;
  readonly groups: readonly (readonly PopupItem[])[];
  /** Beside the icon. */
  readonly children?: ReactNode;
}

/** A button of a toolbar that opens a menu under itself. */
export function MenuButton({ label, icon, className, groups, children }: MenuButtonProps) {
  const [at, setAt] = useState<Place | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const open = () => {
    const box = button.current?.getBoundingClientRect();
    if (box) setAt({ x: box.right - MENU_WIDTH, y: box.bottom + 2 });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className === undefined ? 'icon-button' : `icon-button ${className}`}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={() => (at === null ? open() : setAt(null))}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          open();
        }}
      >
        <Icon name={icon} />
        {children}
      </button>
      {at && (
        <PopupMenu
          label={label}
          at={at}
          groups={groups}
          opener={button}
          onClose={(then) => {
            setAt(null);
            if (then === 'focus') button.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** As popupMenu.css has it, at least. */
const MENU_WIDTH = 208;
