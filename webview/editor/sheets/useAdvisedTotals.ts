import { useEffect, useState } from 'react';
import type { Edit, HostToEditor, ModelView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { nextRequest } from '../state/requests';

/** What the host says that the model would be in a phase. */
export interface AdvisedTotals {
  readonly totals: ModelView['totals'];
  readonly frozenLayers: number;
}

export type TotalsAnswer = AdvisedTotals | { readonly problem: string };

/** Asks the host what each of some edits would make of the model, one after another: it answers only its newest question. */
export function useAdvisedTotals(edits: readonly Edit[]): readonly TotalsAnswer[] {
  const { bridge } = useEditor();
  const model = useEditorState((state) => state.model);
  const text = JSON.stringify(edits);
  const [known, setKnown] = useState<{ readonly of: unknown; readonly answers: readonly TotalsAnswer[] }>();
  useEffect(() => {
    const asked = JSON.parse(text) as readonly Edit[];
    const answers: TotalsAnswer[] = [];
    let request = 0;
    const ask = () => {
      const edit = asked[answers.length];
      if (!edit) return;
      request = nextRequest();
      bridge.post({ type: 'preview', request, edit });
    };
    const stop = bridge.onMessage((message) => {
      if (message.type !== 'previewed' || message.request !== request) return;
      answers.push(answerIn(message));
      setKnown({ of: text, answers: [...answers] });
      ask();
    });
    ask();
    return stop;
  }, [bridge, model, text]);
  return known?.of === text ? known.answers : [];
}

function answerIn(message: Extract<HostToEditor, { readonly type: 'previewed' }>): TotalsAnswer {
  if (message.problem !== undefined) return { problem: message.problem.message };
  return { totals: message.totals, frozenLayers: message.frozen.length };
}
