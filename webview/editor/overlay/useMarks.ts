import { useMemo } from 'react';
import { useEditorState } from '../editorContext';
import { NO_SPREADS } from '../state/editorState';
import type { Drawn, EditorState } from '../state/editorState';
import { marksOf } from './marks';
import type { Marks } from './marks';
import { measureOf } from './measures';

/** What the overlay shows on the cards of a drawing; undefined while it is off. */
export function useMarks(drawn: Drawn): Marks | undefined {
  const overlay = useEditorState((state) => state.overlay);
  const spreads = useEditorState(spreadsShown);
  return useMemo(
    () => (overlay === null ? undefined : marksOf(drawn, overlay, spreads)),
    [drawn, overlay, spreads],
  );
}

/** Layers that are measured behind an overlay of something else draw nothing anew. */
function spreadsShown({ overlay, spreads }: EditorState) {
  return overlay !== null && measureOf(overlay).measured ? spreads.layers : NO_SPREADS.layers;
}
