import { useMemo } from 'react';
import { dropTarget } from '../../ui/dropTarget';
import { useEditor } from '../editorContext';
import { t } from '../../../src/l10n/translate';

/** For the canvas: a model file that is dropped there is opened to be grafted from. */
export function useModelDrop() {
  const { controller, store } = useEditor();
  return useMemo(
    () =>
      dropTarget(([uri]) => {
        if (uri !== undefined) return controller.graftDropped(uri);
        const message = t(
          'What was dropped does not say where it is: drag from VS Code’s explorer, or choose the file in "Graft from another model"',
        );
        store.set({ notice: { code: 'DROP_UNKNOWN', message } });
      }),
    [controller, store],
  );
}
