import { useState } from 'react';
import { donorPath } from '../../../src/core/surgery/donors';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { LayerView, ModelView } from '../../../src/protocol/editor';
import type { DonorState } from '../../../src/protocol/surgerySheets';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { bestPart, layersOfPart, repeatsLayer, sameSample, shapeEntering, WHOLE } from '../model/donorPart';
import type { PartChoice } from '../model/donorPart';
import { indexModel } from '../model/modelIndex';
import { count, countedLayers, sampleShape } from '../model/text';
import { graftPlace } from '../state/actions';
import { ConfirmButtons } from './confirmButton';
import { DonorCard, DonorChooser, useIsLast } from './donorChooser';
import { PickList } from './pickList';
import type { Pick } from './pickList';
import { PreviewBox } from './previewBox';
import { Sheet } from './sheet';
import { usePreview } from './usePreview';
import { useDonorReference, useOperated, useStep, useStepDonor } from './useStep';
import { t } from '../../../src/l10n/translate';

const TITLE = t('Graft from another model');

/** A part of another model, with its weights, on a layer of this one. */
export function DonorSheet() {
  const { model, selection } = useOperated();
  const donor = useEditorState((state) => state.surgery.donor);
  const step = useStep('graft');
  useStepDonor(step?.donor);
  const isLast = useIsLast(donor.kind === 'open' ? donor.path : undefined);
  if (!model) return null;
  if (donor.kind !== 'open') {
    return (
      <Sheet title={TITLE} actions={null}>
        <DonorChooser
          what={t(
            'Its layers come with their weights. They hang on a layer of this model, and their end becomes the output.',
          )}
        />
      </Sheet>
    );
  }
  if (donor.model.weightsOnly) {
    return (
      <Sheet title={TITLE} actions={null}>
        <DonorCard label={donor.label} about={donor.model.format} />
        <p className="sheet-problem" role="alert" data-severity="error">
          <Icon name="error" />
          <span>{t('It holds weights and no architecture. Weights alone are for a warm start.')}</span>
        </p>
      </Sheet>
    );
  }
  const place = graftPlace(indexModel(model), selection);
  if (typeof place === 'string') {
    return (
      <Sheet title={TITLE} actions={null}>
        <DonorCard label={donor.label} about={donor.model.format} />
        <div className="blank">
          <Icon name="type-hierarchy-sub" />
          <p>{place}.</p>
        </div>
      </Sheet>
    );
  }
  return <GraftForm key={`${donor.path} ${place.id}`} donor={donor} after={place} isLast={isLast} />;
}

type Open = Extract<DonorState, { readonly kind: 'open' }>;
type End = 'from' | 'to';

function GraftForm({
  donor,
  after,
  isLast,
}: {
  readonly donor: Open;
  readonly after: LayerView;
  readonly isLast: boolean;
}) {
  const { controller } = useEditor();
  const index = indexModel(donor.model);
  const step = useStep('graft');
  const reference = useDonorReference(donor.path);
  const [part, setPart] = useState<PartChoice>(() =>
    step && donorPath(step.donor) === donor.path
      ? { from: step.from ?? null, to: step.to ?? null }
      : bestPart(index, after),
  );
  const [end, setEnd] = useState<End>('from');
  const inside = layersOfPart(index, part);
  const operation: Operation = {
    op: 'graft',
    donor: reference,
    ...(part.from !== null && { from: part.from }),
    ...(part.to !== null && { to: part.to }),
    after: after.name,
  };
  const previewed = usePreview(operation);
  const params = donor.model.layers.reduce(
    (sum, layer) => sum + (inside.has(layer.id) ? layer.params : 0),
    0,
  );
  const entering = shapeEntering(index, part);
  const fits = sameSample(entering, after.outputShape);

  const again = repeatsLayer(index, part, after);
  const [before] = after.inputs.length === 1 ? after.inputs : [];

  const pick = (id: string) => {
    setPart({ ...part, [end]: id === EDGE ? null : (index.byId.get(id)?.name ?? null) });
    if (end === 'from') setEnd('to');
  };
  const chosen = part[end] === null ? EDGE : (index.byName.get(part[end])?.id ?? EDGE);
  return (
    <Sheet
      title={TITLE}
      actions={
        <>
          <span className="sheet-total">
            {t('{0}, {1} parameters', countedLayers(inside.size), count(params))}
          </span>
          <ConfirmButtons
            operation={operation}
            verb={t('Graft')}
            className="donor-confirm"
            disabled={inside.size === 0 || previewed.problem !== undefined}
          />
        </>
      }
    >
      <DonorCard
        label={donor.label}
        about={`${donor.model.format}, ${countedLayers(donor.model.layers.length)}`}
        isLast={isLast}
      />
      <div className="seam" data-fits={fits}>
        <div>
          <strong title={after.name}>{after.name}</strong>
          <span>{t('gives {0}', sampleShape(after.outputShape))}</span>
        </div>
        <Icon name={fits ? 'arrow-right' : 'warning'} />
        <div>
          <strong title={part.from ?? undefined}>{part.from ?? t('the input')}</strong>
          <span>{t('expects {0}', sampleShape(entering))}</span>
        </div>
      </div>
      {again ? (
        <p className="sheet-problem" data-severity="warning">
          <Icon name="warning" />
          <span>
            {t(
              '{0} comes along a second time: several layers read it there, and a part begins at one layer.',
              after.name,
            )}{' '}
            {before === undefined ? null : (
              <button
                type="button"
                className="link-button"
                onClick={() => controller.select([before], { reveal: true })}
              >
                {t('Graft before it')}
              </button>
            )}
          </span>
        </p>
      ) : null}
      <p className="sheet-note">
        <Icon name="info" />
        {t('Select another layer of the graph to graft there.')}
      </p>
      <div className="part-ends" role="group" aria-label={t('Which part')}>
        <EndButton
          label={t('From')}
          chosen={part.from ?? t('its input')}
          active={end === 'from'}
          onClick={() => setEnd('from')}
        />
        <EndButton
          label={t('Up to')}
          chosen={part.to ?? t('its outputs')}
          active={end === 'to'}
          onClick={() => setEnd('to')}
        />
        {part.from === null && part.to === null ? null : (
          <button type="button" className="link-button" onClick={() => setPart(WHOLE)}>
            {t('Take all of it')}
          </button>
        )}
      </div>
      <PickList
        key={end}
        label={end === 'from' ? t('First layer of the part') : t('Last layer of the part')}
        of="layer"
        picks={picksOf(donor.model, end, inside)}
        chosen={chosen}
        onPick={pick}
      />
      <PreviewBox previewed={previewed} />
    </Sheet>
  );
}

/** Stands for the donor's input, or its outputs. */
const EDGE = '';

function picksOf({ layers }: ModelView, end: End, inside: ReadonlySet<string>): readonly Pick[] {
  return [
    {
      id: EDGE,
      label: end === 'from' ? t('its input: from the beginning') : t('its outputs: up to the end'),
    },
    ...layers
      .filter(({ isInput }) => !isInput)
      .map(({ id, name, family, outputShape, stage, group }): Pick => {
        const [outermost] = group;
        return {
          ...{ id, label: name, family, aside: sampleShape(outputShape), inside: inside.has(id) },
          group: stage >= 0 ? t('Stage {0}', stage + 1) : (outermost ?? t('Apart from the stages')),
        };
      }),
  ];
}

function EndButton({
  label,
  chosen,
  active,
  onClick,
}: {
  readonly label: string;
  readonly chosen: string;
  readonly active: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" className="part-end" aria-pressed={active} title={chosen} onClick={onClick}>
      <span>{label}</span>
      <strong>{chosen}</strong>
    </button>
  );
}
