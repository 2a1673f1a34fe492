import type { Operation } from '../../../src/core/surgery/recipe';
import type { Edit } from '../../../src/protocol/editor';

/** The edit that puts an operation in a step's place; a step that is switched off stays so. */
export function changeOf(
  { at, operation: { disabled } }: { readonly at: number; readonly operation: Operation },
  operation: Operation,
): Edit {
  return {
    type: 'changeOperation',
    at,
    operation: disabled === undefined ? operation : { ...operation, disabled },
  };
}
