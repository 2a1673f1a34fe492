import type { ReactNode } from 'react';
import type { Edit } from '../../../src/core/surgery/edit';
import { useEditor } from '../editorContext';

/** Shows in the totals what a control's edit would do, while the pointer or the focus is on it. */
export function Previews({
  edit,
  otherwise = null,
  children,
}: {
  readonly edit: Edit | null;
  /** What is previewed when they leave. */
  readonly otherwise?: Edit | null;
  readonly children: ReactNode;
}) {
  const { controller } = useEditor();
  const enter = () => {
    if (edit !== null) controller.preview(edit);
  };
  const leave = () => controller.preview(otherwise);
  return (
    <span className="previews" onPointerEnter={enter} onPointerLeave={leave} onFocus={enter} onBlur={leave}>
      {children}
    </span>
  );
}
