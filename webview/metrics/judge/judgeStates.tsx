import type { RunPanelToHost } from '../../../src/protocol/runPanel';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { formatCount, formatMetric, metricTitle } from '../formatNumbers';
import type { Judging } from './judgingState';
import { t } from '../../../src/l10n/translate';

interface JudgeStatesProps {
  readonly judging: Judging;
  /** Of the run. */
  readonly name: string;
  readonly id: string;
  readonly post: (message: RunPanelToHost) => void;
}

/** All that there is to say of a run that is no matrix. */
export function JudgeStates({ judging, name, id, post }: JudgeStatesProps) {
  const judge = () => post({ type: 'judge', id });
  switch (judging.state) {
    case 'looking':
      return (
        <p className="hint late" role="status">
          {t('Looking for what is known…')}
        </p>
      );
    case 'notYet':
      return (
        <div className="section-empty">
          <Icon name="eye" />
          <h1>{t('{0} is not judged yet', name)}</h1>
          <p>
            {t(
              'Its model is measured on the samples that were held out from training: what is mistaken for what, and the images themselves. What comes of it stays in the run’s folder.',
            )}
          </p>
          <Button appearance="primary" onClick={judge}>
            {t('Judge This Run')}
          </Button>
        </div>
      );
    case 'noModel':
      return (
        <div className="section-empty">
          <Icon name="eye-closed" />
          <h1>{t('{0} has no model yet', name)}</h1>
          <p>
            {t(
              'A run can be judged by its newest checkpoint while it goes on, and by its result once it has ended.',
            )}
          </p>
        </div>
      );
    case 'judging':
      return <GoingOn {...judging} onCancel={() => post({ type: 'cancelJudging', id })} />;
    case 'wrong': {
      const held = judging.wrong.code === 'DATA_EMPTY';
      return (
        <div className="section-empty judge-failed">
          <Icon name={held ? 'circle-slash' : 'error'} />
          <h1>{held ? t('This run held nothing out') : t('The run could not be judged')}</h1>
          <p role="alert">
            {held
              ? t(
                  'All of its data was trained on, so there is nothing to judge its model by. Choose or drop images to see what it makes of them.',
                )
              : judging.wrong.message}
          </p>
          {!held && <Button onClick={judge}>{t('Try Again')}</Button>}
        </div>
      );
    }
    case 'judged': {
      const { answers, metrics } = judging.judgement;
      return (
        <div className="section-empty">
          <Icon name="graph-scatter" />
          <h1>
            {answers.kind === 'values'
              ? t('This model answers with values')
              : t('Several labels may hold at once')}
          </h1>
          <p>
            {answers.kind === 'values'
              ? t(
                  'There are no classes to confuse; what there is are its loss and metrics on the held-out samples.',
                )
              : t(
                  'A sample is not of one class, so there is no matrix; what there is are the loss and metrics on the held-out samples.',
                )}
          </p>
          <dl className="judge-facts">
            {Object.entries(metrics).map(([metric, value]) => (
              <div key={metric}>
                <dt>{metricTitle(metric)}</dt>
                <dd>{formatMetric(metric, value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      );
    }
  }
}

interface GoingOnProps {
  readonly done: number;
  readonly samples: number | null;
  readonly onCancel: () => void;
}

function GoingOn({ done, samples, onCancel }: GoingOnProps) {
  return (
    <div className="section-empty judge-going-on">
      <h1>{t('Judging')}</h1>
      <progress
        aria-label={t('Samples judged')}
        {...(samples === null ? {} : { value: done, max: samples })}
      />
      <p role="status">
        {samples === null
          ? t('Opening the model and the data')
          : t('{0} of {1} held-out samples', formatCount(done), formatCount(samples))}
      </p>
      <Button onClick={onCancel}>{t('Cancel')}</Button>
    </div>
  );
}
