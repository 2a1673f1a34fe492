import { showNumber } from '../../src/core/summary/amounts';
import type { GalleryModel } from '../../src/protocol/gallery';
import { Icon } from '../ui/icon';
import type { Options } from './look';
import type { Answer } from './useAnswer';
import { roughSize, shapeText } from './words';
import { t } from '../../src/l10n/translate';

export interface OutcomeProps {
  readonly model: GalleryModel;
  readonly options: Options;
  readonly answer: Answer | null;
}

/** What the options come to, as the host has worked it out. */
export function Outcome({ model, options, answer }: OutcomeProps) {
  if (answer?.problem) {
    return (
      <p className="outcome-problem" role="alert">
        <Icon name="error" />
        <span>{sentence(answer.problem.message.replace(`${model.name}: `, ''))}</span>
      </p>
    );
  }
  const result = answer?.result;
  return (
    <section
      className="outcome"
      aria-label={t('What it comes to')}
      aria-live="polite"
      data-stale={answer?.stale ?? true}
    >
      <dl>
        <div>
          <dt>{t('Output')}</dt>
          <dd className="outcome-shape">{result ? shapeText(result.output) : '…'}</dd>
        </div>
        <div>
          <dt>{t('Parameters')}</dt>
          <dd className="outcome-parameters">{result ? showNumber(result.parameters) : '…'}</dd>
        </div>
        <div>
          <dt>{t('Layers')}</dt>
          <dd>{result ? showNumber(result.layers) : '…'}</dd>
        </div>
      </dl>
      <p className="quiet">{result ? weightsText(options, result.file) : ' '}</p>
    </section>
  );
}

function weightsText({ random }: Options, file: NonNullable<Answer['result']>['file']): string {
  if (random || file === null) return t('Random weights: nothing is downloaded.');
  if (file.cached) return t('Its weights are downloaded already.');
  const whole = roughSize(file.bytes);
  return file.begun > 0
    ? t('{0} of about {1} came earlier; the download goes on from there.', roughSize(file.begun), whole)
    : t('Downloads about {0}, once for all workspaces.', whole);
}

/** Messages stop without a full stop; not in every language. */
const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
