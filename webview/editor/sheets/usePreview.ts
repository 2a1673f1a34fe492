import { useEffect, useState } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { SurgeryPreview } from '../../../src/protocol/surgerySheets';
import { useEditor, useEditorState } from '../editorContext';
import { nextRequest } from '../state/requests';

/** What the host says that an operation would do. `found` is of the operation before while the next is worked out. */
export interface Previewed {
  readonly working: boolean;
  readonly found?: SurgeryPreview;
  readonly problem?: { readonly code: string; readonly message: string };
}

const NOTHING: Previewed = { working: false };

/** Asks the host what an operation would do, again whenever it or the model is another. */
export function usePreview(operation: Operation | undefined): Previewed {
  const { bridge, controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const text = operation === undefined ? undefined : JSON.stringify(operation);
  const [answer, setAnswer] = useState<{ readonly of: unknown; readonly previewed: Previewed }>();
  useEffect(() => {
    if (text === undefined || model === null) return;
    const request = nextRequest();
    const stop = bridge.onMessage((message) => {
      if (message.type !== 'previewed' || message.request !== request) return;
      const { problem } = message;
      const found = problem === undefined ? message.surgery : undefined;
      setAnswer({
        of: text,
        previewed: { working: false, ...(found && { found }), ...(problem && { problem }) },
      });
    });
    const edit = controller.editOf(JSON.parse(text) as Operation);
    bridge.post({ type: 'preview', request, edit });
    return stop;
  }, [bridge, controller, model, text]);
  if (text === undefined) return NOTHING;
  if (answer?.of === text) return answer.previewed;
  return { working: true, ...(answer?.previewed.found && { found: answer.previewed.found }) };
}
