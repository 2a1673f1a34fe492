import type { Advice, AdvisedTraining } from '../../../src/core/freeze/advisor';
import { labelOf } from '../../../src/core/surgery/label';
import { Icon } from '../../ui/icon';
import { editsOf } from '../model/advice';
import { count, countedLayers } from '../model/text';
import { useAdvisedTotals, type TotalsAnswer } from './useAdvisedTotals';
import { t, tn } from '../../../src/l10n/translate';

/** A strategy in words, and in the numbers of each phase. */
export function AdviceCard({ advice }: { readonly advice: Advice }) {
  const { words, operations, training } = advice;
  const answers = useAdvisedTotals(editsOf(advice));
  return (
    <section className="advice" aria-label={t('Advice')} aria-live="polite">
      <h3>
        <Icon name="lightbulb" />
        {words.title}
      </h3>
      <p>{words.what}</p>
      <dl>
        <Said term={t('Why')} text={words.why} />
        <Said term={t('Risk')} text={words.risk} />
        <Said term={t('Normalization')} text={words.batchNormalization} />
        {words.doubt === undefined ? null : <Said term={t('In doubt')} text={words.doubt} />}
      </dl>
      {operations.length === 0 ? null : (
        <div>
          <span className="field-label">{t('Changes to the model')}</span>
          <ol className="advice-steps">
            {operations.map((operation) => (
              <li key={operation.op}>{labelOf(operation)}</li>
            ))}
          </ol>
        </div>
      )}
      <div className="preview">
        <span className="field-label">{t('Training')}</span>
        <ol>
          <Phase place={1} of={training} answer={answers[0]} />
          {training.fineTune ? <Phase place={2} of={training.fineTune} answer={answers[1]} /> : null}
        </ol>
      </div>
    </section>
  );
}

function Said({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{text}</dd>
    </>
  );
}

function Phase({
  place,
  of: { epochs, learningRate },
  answer,
}: {
  readonly place: number;
  readonly of: Pick<AdvisedTraining, 'epochs' | 'learningRate'>;
  readonly answer: TotalsAnswer | undefined;
}) {
  return (
    <li className="advice-phase">
      <span className="preview-kind">{t('Phase {0}', place)}</span>
      <span className="preview-shape">
        {tn(epochs, '{0} epoch at rate {1}', '{0} epochs at rate {1}', count(epochs), learningRate)}
      </span>
      <span className="preview-detail">{frozenWords(answer)}</span>
    </li>
  );
}

function frozenWords(answer: TotalsAnswer | undefined): string {
  if (!answer) return t('Counting what is frozen…');
  if ('problem' in answer) return answer.problem;
  const { totals, frozenLayers } = answer;
  return t(
    '{0} of {1} parameters train, {2} frozen',
    count(totals.trainable),
    count(totals.params),
    countedLayers(frozenLayers),
  );
}
