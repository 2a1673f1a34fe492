import { useEffect, useMemo, useRef } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { DonorReference } from '../../../src/core/surgery/donors';
import { donorOf, donorPath } from '../../../src/core/surgery/donors';
import type { ModelView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { isOpen, layerOfStep } from '../state/editedStep';

/** The step that the open sheet changes, where it is one of this operation. */
export function useStep<Op extends Operation['op']>(
  ...ops: readonly Op[]
): Extract<Operation, { readonly op: Op }> | undefined {
  const operation = useEditorState((state) => state.surgery.step?.operation);
  return operation && ops.some((op) => op === operation.op)
    ? (operation as Extract<Operation, { readonly op: Op }>)
    : undefined;
}

/**
 * The model that a sheet is about: as it stands, or as the step that is edited finds it; and what is selected of that,
 * which is the step's own layer until another one is.
 */
export function useOperated(): { readonly model: ModelView | null; readonly selection: ReadonlySet<string> } {
  const now = useEditorState((state) => state.model);
  const step = useEditorState((state) => state.surgery.step);
  const selected = useEditorState((state) => state.selection);
  const selection = useMemo(() => {
    if (!step) return selected;
    const { byId, byName } = indexModel(step.before);
    const known = [...selected].filter((id) => byId.has(id));
    const own = byName.get(layerOfStep(step.operation) ?? '');
    return new Set(known.length > 0 || !own ? known : [own.id]);
  }, [step, selected]);
  return { model: step?.before ?? now, selection };
}

/** A donor as the step that is edited has it, which says what its file was; another one by its path. */
export function useDonorReference(path: string): DonorReference {
  const operation = useEditorState((state) => state.surgery.step?.operation);
  const donor = operation && donorOf(operation);
  return donor !== undefined && donorPath(donor) === path ? donor : path;
}

/** Opens the other model that an edited step takes from, once: another one may be chosen then. */
export function useStepDonor(donor: DonorReference | undefined): void {
  const { controller, store } = useEditor();
  const asked = useRef<string>(undefined);
  const path = donor === undefined ? undefined : donorPath(donor);
  useEffect(() => {
    if (path === undefined || asked.current === path) return;
    asked.current = path;
    if (!isOpen(store.get().surgery.donor, path)) controller.openDonor({ path });
  }, [controller, store, path]);
}
