import { useEffect } from 'react';
import { Button } from '../../ui/button';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';

/** The model as Keras's `summary()` prints it; the host makes the text. */
export function SummaryView() {
  const { controller } = useEditor();
  const summary = useEditorState((state) => state.summary);
  useEffect(() => {
    if (summary === null) controller.post({ type: 'summary' });
  }, [controller, summary]);
  return (
    <div className="summary">
      <div className="summary-head">
        <h2>Summary</h2>
        <Button
          icon="copy"
          disabled={summary === null}
          onClick={() => {
            if (summary !== null) controller.post({ type: 'copy', text: summary });
          }}
        >
          Copy
        </Button>
        <Button icon="type-hierarchy" onClick={() => controller.toggleSummary()}>
          Back to the graph
        </Button>
      </div>
      {summary === null ? (
        <div className="summary-wait">
          <ProgressRing label="Writing the summary" />
        </div>
      ) : (
        <pre tabIndex={0} aria-label="Summary of the model">
          {summary}
        </pre>
      )}
    </div>
  );
}
