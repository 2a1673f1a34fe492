import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { t } from '../../../src/l10n/translate';

const WORDS = {
  all: t('Frozen: click to unfreeze (U)'),
  some: t('Some of its layers are frozen: click to freeze all (F)'),
  none: t('Click to freeze (F)'),
} as const;

/** The lock of a card, which a click turns. For the pointer alone: the card around is the button, and has keys. */
export function LockBadge({
  id,
  frozen,
}: {
  /** Of a layer or a box. */
  readonly id: string;
  readonly frozen: keyof typeof WORDS;
}) {
  const { controller } = useEditor();
  return (
    <span
      className="lock-badge"
      data-frozen={frozen}
      title={WORDS[frozen]}
      onClick={(event) => {
        event.stopPropagation();
        controller.toggleLock(id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {frozen === 'none' ? (
        <Icon name="unlock" className="layer-unlock" />
      ) : (
        <Icon name="lock" className={frozen === 'some' ? 'layer-lock box-mixed' : 'layer-lock'} />
      )}
    </span>
  );
}
