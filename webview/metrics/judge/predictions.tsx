import { IconButton } from '../../ui/button';
import { ProgressRing } from '../../ui/progressRing';
import { formatCount } from '../formatNumbers';
import type { Predicting } from './judgingState';
import { Picture } from './picture';
import { TopBars } from './topBars';
import { t, tn } from '../../../src/l10n/translate';

/** What the run's model makes of images that somebody chose or dropped. */
export function Predictions({
  predicting,
  onClose,
}: {
  readonly predicting: Predicting;
  readonly onClose: () => void;
}) {
  if (predicting.state === 'none') return null;
  return (
    <section className="judge-part predictions" aria-label={t('Predictions')}>
      <header>
        <h2>{predicting.state === 'done' ? counted(predicting.images.length) : t('Predictions')}</h2>
        {predicting.state !== 'going' && (
          <IconButton icon="close" label={t('Put the predictions away')} onClick={onClose} />
        )}
      </header>
      {predicting.state === 'going' && (
        <div className="judge-going" role="status">
          <ProgressRing label={t('Predicting')} />
          <span>
            {tn(
              predicting.images,
              'Predicting {0} image',
              'Predicting {0} images',
              formatCount(predicting.images),
            )}
          </span>
        </div>
      )}
      {predicting.state === 'wrong' && (
        <p className="judge-wrong" role="alert">
          {predicting.wrong.message}
        </p>
      )}
      {predicting.state === 'done' && predicting.left > 0 && (
        <p className="judge-note">{t('{0} more were left out.', formatCount(predicting.left))}</p>
      )}
      {predicting.state === 'done' && (
        <ul className="prediction-list">
          {predicting.images.map(({ file, name, top }) => (
            <li key={file}>
              <Picture of={file} size="small" alt={name} />
              <div>
                <h3 title={file}>{name}</h3>
                {top.length > 0 ? (
                  <TopBars bars={top} />
                ) : (
                  <p className="judge-note">
                    {t('The model’s outputs are no classes; none can be shown as bars.')}
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const counted = (images: number) =>
  images === 1 ? t('Prediction') : t('Predictions for {0} images', formatCount(images));
