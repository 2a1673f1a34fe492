import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Edit } from '../../../src/core/surgery/edit';
import type { Operation } from '../../../src/core/surgery/recipe';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { MODIFIER } from '../keyboard/modifier';
import { readStep } from './readStep';
import { t } from '../../../src/l10n/translate';

/** So long after the last key the host is asked what the step would do. */
const PAUSE_MS = 150;

/** A step as the recipe's file has it. The host checks it while it is written: what is wrong is said below. */
export function StepEditor({
  at,
  operation,
  label,
  onClose,
}: {
  readonly at: number;
  readonly operation: Operation;
  readonly label: string;
  readonly onClose: () => void;
}) {
  const { controller } = useEditor();
  const preview = useEditorState((state) => state.preview);
  const before = JSON.stringify(operation, null, 2);
  const [text, setText] = useState(before);
  const area = useRef<HTMLTextAreaElement>(null);
  const read = readStep(text);
  const problem = 'problem' in read ? read.problem : preview?.problem?.message;

  useEffect(() => area.current?.focus(), []);
  useEffect(() => () => controller.preview(null), [controller]);
  useEffect(() => {
    const now = readStep(text);
    if ('problem' in now || text === before) return controller.preview(null);
    const waiting = setTimeout(() => controller.preview(changeOf(at, now.operation)), PAUSE_MS);
    return () => clearTimeout(waiting);
  }, [controller, at, text, before]);

  const apply = () => {
    if ('operation' in read) controller.editRecipe(changeOf(at, read.operation));
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) apply();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="step-editor ordered-below">
      <textarea
        ref={area}
        aria-label={t('The step as JSON: {0}', label)}
        aria-invalid={problem !== undefined}
        spellCheck={false}
        rows={Math.min(16, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
      />
      <p className="field-note" data-problem={problem !== undefined || undefined} role="status">
        {problem === undefined ? (
          t('{0}Enter applies, Escape cancels.', MODIFIER)
        ) : (
          <>
            <Icon name="error" /> <span>{problem}</span>
          </>
        )}
      </p>
      <div className="button-row">
        <Button appearance="primary" disabled={text === before || problem !== undefined} onClick={apply}>
          {t('Apply')}
        </Button>
        <Button onClick={onClose}>{t('Cancel')}</Button>
      </div>
    </div>
  );
}

function changeOf(at: number, operation: Operation) {
  return { type: 'changeOperation', at, operation } as const satisfies Edit;
}
