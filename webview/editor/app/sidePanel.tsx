import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useEditor, useEditorState } from '../editorContext';
import { SIDE_WIDTH } from '../state/editorState';
import { t } from '../../../src/l10n/translate';

/** The column at the right; its border is dragged, or moved with the arrow keys. */
export function SidePanel({ children }: { readonly children: ReactNode }) {
  const { store, bridge } = useEditor();
  const width = useEditorState((state) => state.sideWidth);
  const resize = (wanted: number) => {
    const sideWidth = Math.round(Math.max(SIDE_WIDTH.least, Math.min(SIDE_WIDTH.most, wanted)));
    store.set({ sideWidth });
    bridge.remember({ sideWidth });
  };
  const grab = (event: PointerEvent<HTMLDivElement>) => {
    const sash = event.currentTarget;
    const start = event.clientX;
    sash.setPointerCapture(event.pointerId);
    const drag = (move: globalThis.PointerEvent) => resize(width + start - move.clientX);
    const drop = () => {
      sash.removeEventListener('pointermove', drag);
      sash.removeEventListener('lostpointercapture', drop);
    };
    sash.addEventListener('pointermove', drag);
    sash.addEventListener('lostpointercapture', drop);
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: 16, ArrowRight: -16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    resize(width + by);
  };
  return (
    <aside className="side" style={{ width }} aria-label={t('Inspector')}>
      <div
        className="sash"
        role="separator"
        aria-orientation="vertical"
        aria-label={t('Width of the inspector')}
        aria-valuenow={width}
        aria-valuemin={SIDE_WIDTH.least}
        aria-valuemax={SIDE_WIDTH.most}
        tabIndex={0}
        onPointerDown={grab}
        onDoubleClick={() => resize(SIDE_WIDTH.usual)}
        onKeyDown={step}
      />
      {children}
    </aside>
  );
}
