import type { Edit } from '../../../src/core/surgery/edit';
import type { Match } from '../../../src/core/freeze/rule';
import { Button } from '../../ui/button';
import { useEditor } from '../editorContext';
import { count } from '../model/text';
import { freezeEdit } from '../state/freezing';
import { Previews } from './previews';
import { t } from '../../../src/l10n/translate';

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
            {wordsOf(trainable, matched)}
          </Button>
        </Previews>
      ))}
    </div>
  );
}

function wordsOf(trainable: boolean, matched: number | undefined): string {
  if (!matched) return trainable ? t('Unfreeze') : t('Freeze');
  return trainable ? t('Unfreeze {0}', count(matched)) : t('Freeze {0}', count(matched));
}
