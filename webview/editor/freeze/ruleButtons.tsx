import type { Edit } from '../../../src/core/surgery/edit';
import type { Match } from '../../../src/core/freeze/rule';
import { Button } from '../../ui/button';
import { useEditor } from '../editorContext';
import { count } from '../model/text';
import { freezeEdit } from '../state/freezing';
import { Previews } from './previews';

/** Freezes or unfreezes what a rule matches; the totals show either while the pointer or the focus is on it. */
export function RuleButtons({
  match,
  disabled = false,
  matched,
  otherwise = null,
}: {
  readonly match: Match;
  readonly disabled?: boolean;
  /** How many layers it would be, on the buttons. */
  readonly matched?: number | undefined;
  /** What is previewed while neither is pointed at. */
  readonly otherwise?: Edit | null;
}) {
  const { controller } = useEditor();
  const label = (verb: string) => (matched ? `${verb} ${count(matched)}` : verb);
  return (
    <div className="button-row">
      {[false, true].map((trainable) => (
        <Previews
          key={String(trainable)}
          edit={disabled ? null : freezeEdit([match], trainable)}
          otherwise={otherwise}
        >
          <Button
            icon={trainable ? 'unlock' : 'lock'}
            disabled={disabled}
            onClick={() => controller.freeze([match], trainable)}
          >
            {label(trainable ? 'Unfreeze' : 'Freeze')}
          </Button>
        </Previews>
      ))}
    </div>
  );
}
