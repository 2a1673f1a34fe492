import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { useFocusRequest } from '../keyboard/focusRequests';
import { MEASURES } from './measures';
import type { OverlayId } from './measures';
import { t } from '../../../src/l10n/translate';

/** A button, and beside it what cards can show. */
export function OverlayMenu() {
  const overlay = useEditorState((state) => state.overlay);
  const [isOpen, setOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  useFocusRequest(
    'overlay',
    around,
    useCallback(() => setOpen(true), []),
  );
  const close = useCallback((then: 'focus' | 'leave') => {
    setOpen(false);
    if (then === 'focus') around.current?.querySelector<HTMLElement>('.icon-button')?.focus();
  }, []);
  return (
    <div className="canvas-group overlay-chooser" ref={around}>
      <IconButton
        icon="symbol-color"
        label={t('Show on the cards…')}
        keys="O"
        pressed={overlay !== null}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen ? <Choices chosen={overlay} onClose={close} around={around} /> : null}
    </div>
  );
}

function Choices({
  chosen,
  onClose,
  around,
}: {
  readonly chosen: OverlayId | null;
  readonly onClose: (then: 'focus' | 'leave') => void;
  readonly around: RefObject<HTMLDivElement | null>;
}) {
  const { controller } = useEditor();
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];

  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const dismiss = (event: Event) => {
      if (!(event.target instanceof Node && around.current?.contains(event.target))) onClose('leave');
    };
    window.addEventListener('pointerdown', dismiss, true);
    return () => window.removeEventListener('pointerdown', dismiss, true);
  }, [around, onClose]);

  const press = (event: KeyboardEvent) => {
    const known = items();
    const at = known.indexOf(document.activeElement as HTMLElement);
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + known.length,
      Home: 0,
      End: known.length - 1,
    }[event.key];
    if (next !== undefined) known[next % known.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose('focus');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const choices = [
    { id: null, label: t('Nothing'), measured: false } as const,
    // What a shape is needed for is not known of weights alone, and no run makes such a file.
    ...MEASURES.filter(
      ({ id, measured }) => !weightsOnly || (measured && id !== 'movement') || id === 'parameters',
    ),
  ];
  return (
    <div
      className="menu overlay-menu"
      role="menu"
      aria-label={t('Show on the cards')}
      ref={list}
      onKeyDown={press}
    >
      {choices.map(({ id, label, measured }) => (
        <button
          type="button"
          key={id ?? 'none'}
          role="menuitemradio"
          aria-checked={chosen === id}
          className="menu-item"
          tabIndex={-1}
          onClick={() => {
            controller.showOverlay(id);
            onClose('focus');
          }}
        >
          <Icon name={chosen === id ? 'check' : 'blank'} />
          <span>{label}</span>
          {measured ? <kbd>{t('reads the weights')}</kbd> : null}
        </button>
      ))}
    </div>
  );
}
