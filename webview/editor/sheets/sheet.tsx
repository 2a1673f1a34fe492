import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { t } from '../../../src/l10n/translate';

/** A form in place of the inspector, with its actions at the bottom. The graph stays in view beside it. */
export function Sheet({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}) {
  const { controller } = useEditor();
  const step = useEditorState((state) => state.surgery.step);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A field that asked for the focus keeps it.
    if (!body.current?.contains(document.activeElement)) body.current?.focus();
  }, []);
  return (
    <div className="sheet" role="dialog" aria-label={title}>
      <div className="sheet-head">
        <h2>{step ? t('{0} · step {1}', title, step.at + 1) : title}</h2>
        <IconButton
          icon="close"
          label={t('Close')}
          keys="Escape"
          onClick={() => controller.openSide('inspector')}
        />
      </div>
      <div className="sheet-body" ref={body} tabIndex={-1}>
        {children}
      </div>
      <div className="sheet-actions">{actions}</div>
    </div>
  );
}

/** A control with its label above it and what is wrong, or a hint, below. */
export function Field({
  label,
  note,
  problem,
  children,
}: {
  readonly label: string;
  readonly note?: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}) {
  const below = problem ?? note;
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {children}
      {below === undefined ? null : (
        <p className="field-note" data-problem={problem !== undefined || undefined}>
          {below}
        </p>
      )}
    </div>
  );
}
