import { useEffect, useRef } from 'react';
import { Legend } from '../app/later';
import { useEditor, useEditorState } from '../editorContext';
import type { Drawn } from '../state/editorState';
import { measureOf } from './measures';
import { useMarks } from './useMarks';
import './overlay.css';

/** The legend of what the cards show, while they do. */
export function Overlays({ drawn }: { readonly drawn: Drawn }) {
  const { bridge } = useEditor();
  const overlay = useEditorState((state) => state.overlay);
  const marks = useMarks(drawn);
  useEffect(() => bridge.remember({ overlay }), [bridge, overlay]);
  useMeasureAgain();
  return marks ? <Legend marks={marks} /> : null;
}

/** Operations make new weights, and warm starts other ones; what was measured before is told again without reading. */
function useMeasureAgain(): void {
  const { controller, store } = useEditor();
  const operations = useEditorState(({ model }) => JSON.stringify(model?.recipe.operations ?? []));
  const latest = useRef(operations);
  useEffect(() => {
    if (latest.current === operations) return;
    latest.current = operations;
    const { overlay, spreads } = store.get();
    if (spreads.state === 'none') return;
    if (overlay !== null && measureOf(overlay).measured) controller.measureSpreads(true);
    // Measured anew when it is shown again.
    else controller.measureSpreads(false);
  }, [controller, operations, store]);
}
