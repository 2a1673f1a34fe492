import type { LayerInspection, LayerView, WeightView } from '../../../src/protocol/editor';
import type { WeightStatistics } from '../../../src/core/weights/statistics';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { count, weightShape } from '../model/text';
import { shortNumber } from '../overlay/measures';
import { Filters } from './filters';
import { Histogram } from './histogram';
import { Section } from './section';
import { t, tn } from '../../../src/l10n/translate';

/** A layer's weights: their shapes, and once people ask, what the numbers in them are like. */
export function Weights({
  layer,
  inspection,
}: {
  readonly layer: LayerView;
  readonly inspection: LayerInspection | undefined;
}) {
  const { store } = useEditor();
  const looks = useEditorState((state) => state.looksIntoWeights);
  const known = layer.weights.filter(({ name }) => inspection?.statistics[name]).length;
  const isUnderWay = looks && inspection?.problem === undefined && known < layer.weights.length;
  const pictured = looks ? layer.weights.find(hasPictures) : undefined;
  return (
    <Section title={t('Weights')} aside={<span className="section-count">{layer.weights.length}</span>}>
      <div className="weights-look">
        {isUnderWay ? (
          <>
            <progress aria-label={t('Weights read')} value={known} max={layer.weights.length} />
            <span role="status">{t('{0} of {1}', known, layer.weights.length)}</span>
          </>
        ) : null}
        <Button
          icon={looks ? 'eye-closed' : 'eye'}
          title={
            looks
              ? t('Show shapes alone, and read no weights of the layers you select')
              : t('Read the weights of the layers you select, from the file')
          }
          onClick={() => store.set({ looksIntoWeights: !looks })}
        >
          {looks ? (isUnderWay ? t('Cancel') : t('Show shapes alone')) : t('Look into the weights')}
        </Button>
      </div>
      {looks && inspection?.problem !== undefined ? (
        <p className="weights-problem" role="alert">
          <Icon name="error" />
          {inspection.problem}
        </p>
      ) : null}
      <ul className="weights">
        {layer.weights.map((weight) => (
          <li key={weight.name} aria-label={weight.name}>
            <Heading weight={weight} />
            {looks ? (
              <Numbers
                weight={weight}
                statistics={inspection?.statistics[weight.name]}
                isAwaited={isUnderWay}
              />
            ) : null}
            {weight === pictured && inspection?.statistics[weight.name] ? (
              <Filters key={`${layer.id} ${weight.name}`} layer={layer} weight={weight} />
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A kernel as Keras keeps those of two axes: (height, width, channels, filters). */
function hasPictures({ shape, role }: WeightView): boolean {
  const [height = 0, width = 0] = shape;
  return shape.length === 4 && role === 'parameter' && height * width > 1;
}

function Heading({ weight: { name, shape, dtype, role, fresh } }: { readonly weight: WeightView }) {
  return (
    <div className="weight-head">
      <span className="weight-name" title={name}>
        {name}
      </span>
      {role === 'statistic' ? (
        <span className="weight-note" title={t('A moving statistic: no gradient moves it')}>
          {t('statistic')}
        </span>
      ) : null}
      {fresh ? (
        <span className="weight-note weight-fresh" title={t('Freshly initialized, not from the base model')}>
          {t('fresh')}
        </span>
      ) : null}
      <span className="weight-shape">{weightShape(shape)}</span>
      <span className="weight-dtype">{dtype}</span>
    </div>
  );
}

function Numbers({
  weight,
  statistics,
  isAwaited,
}: {
  readonly weight: WeightView;
  readonly statistics: WeightStatistics | undefined;
  readonly isAwaited: boolean;
}) {
  if (!statistics) return isAwaited ? <div className="weight-wait" aria-hidden="true" /> : null;
  const { count: numbers, notFinite, min, max, mean, deviation, zeros } = statistics;
  return (
    <>
      {notFinite > 0 ? (
        <p className="weights-problem" role="alert">
          <Icon name="warning" />
          {tn(
            notFinite,
            '{0} of {1} numbers is NaN or infinite; what is below is of the others.',
            '{0} of {1} numbers are NaN or infinite; what is below is of the others.',
            count(notFinite),
            count(numbers),
          )}
        </p>
      ) : null}
      <Histogram name={weight.name} statistics={statistics} />
      <dl className="weight-facts">
        {[
          [t('Min'), shortNumber(min)],
          [t('Max'), shortNumber(max)],
          [t('Zeros'), numbers === 0 ? '0%' : share(zeros / numbers)],
          [t('Mean'), shortNumber(mean)],
          [t('Deviation'), shortNumber(deviation)],
          [t('Numbers'), count(numbers)],
        ].map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Whole percents; some are never none, and not all are never all. */
function share(of: number): string {
  if (of > 0 && of < 0.01) return '<1%';
  if (of > 0.99 && of < 1) return '>99%';
  return `${Math.round(of * 100)}%`;
}
