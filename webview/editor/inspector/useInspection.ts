import { useEffect } from 'react';
import type { FormField } from '../../../src/core/layers/form';
import type { LayerInspection, LayerView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';

/** A kind's form is the same as long as the extension runs: no second layer of the kind waits for it. */
const forms = new Map<string, readonly FormField[]>();

/**
 * Asks the host to look into a layer: for its form, and where people asked for that, for the numbers of its weights.
 * Another layer, or none, ends what is under way.
 */
export function useInspection(layer: LayerView): {
  /** Undefined until the host has said. */
  readonly form: readonly FormField[] | undefined;
  readonly inspection: LayerInspection | undefined;
} {
  const { controller, store } = useEditor();
  const looks = useEditorState((state) => state.looksIntoWeights);
  const found = useEditorState((state) => state.inspection);
  const { id, kind, weights, opaque } = layer;
  const withWeights = looks && weights.length > 0;
  useEffect(() => {
    // Anew where its weights are other ones: what is known of them is not read again.
    controller.post({ type: 'inspect', layer: id, weights: withWeights });
  }, [controller, id, kind, weights, withWeights]);
  useEffect(
    () => () => {
      if (store.get().inspection?.done === false) {
        controller.post({ type: 'inspect', layer: '', weights: false });
      }
    },
    [controller, store],
  );
  const inspection = found?.layer === id ? found : undefined;
  const formKey = opaque === undefined ? kind : '';
  if (inspection) forms.set(formKey, inspection.form);
  return { form: inspection?.form ?? forms.get(formKey), inspection };
}
