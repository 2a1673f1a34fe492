import { useEffect, useState } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { WarmStartReport } from '../../../src/core/surgery/warmStart';
import type { ModelView } from '../../../src/protocol/editor';
import type { DonorState } from '../../../src/protocol/surgerySheets';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { compileRegex, matchedIds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { count, countedLayers, weightShape } from '../model/text';
import { ConfirmButtons } from './confirmButton';
import { DonorCard, DonorChooser, useIsLast } from './donorChooser';
import { MapTable } from './mapTable';
import { PreviewBox } from './previewBox';
import { Field, Sheet } from './sheet';
import { usePreview } from './usePreview';
import { useDonorReference, useOperated, useStep, useStepDonor } from './useStep';
import { t, tn } from '../../../src/l10n/translate';

const TITLE = t('Warm start');

/** Weights of another file for this model's layers: by name, by an expression over names, or said layer by layer. */
export function WarmStartSheet() {
  const { model } = useOperated();
  const donor = useEditorState((state) => state.surgery.donor);
  useStepDonor(useStep('warmStart')?.from);
  const isLast = useIsLast(donor.kind === 'open' ? donor.path : undefined);
  if (!model) return null;
  return donor.kind === 'open' ? (
    <WarmStartForm key={donor.path} model={model} donor={donor} isLast={isLast} />
  ) : (
    <Sheet title={TITLE} actions={null}>
      <DonorChooser
        what={t(
          'Layers take their weights from another file, where names and shapes agree. Weights without an architecture will do.',
        )}
      />
    </Sheet>
  );
}

function WarmStartForm({
  model,
  donor,
  isLast,
}: {
  readonly model: ModelView;
  readonly donor: Extract<DonorState, { readonly kind: 'open' }>;
  readonly isLast: boolean;
}) {
  const { controller } = useEditor();
  const step = useStep('warmStart');
  const reference = useDonorReference(donor.path);
  const [match, setMatch] = useState(step?.match ?? '');
  const [map, setMap] = useState<Readonly<Record<string, string>>>(step?.map ?? {});
  const regex = match === '' ? undefined : compileRegex(match);
  const problem = regex && 'problem' in regex ? regex.problem : undefined;
  const operation: Operation | undefined =
    problem === undefined
      ? {
          op: 'warmStart',
          from: reference,
          ...(match !== '' && { match }),
          ...(Object.keys(map).length > 0 && { map: { ...map } }),
        }
      : undefined;
  const previewed = usePreview(operation);
  const report = previewed.found?.warmStart;

  // An edit elsewhere brings a new model: lit again for what the expression says of that one.
  useEffect(() => {
    const isWritten = match !== '' && !('problem' in compileRegex(match));
    controller.light(isWritten ? matchedIds(indexModel(model), { regex: match }) : null);
    return () => controller.light(null);
  }, [controller, model, match]);

  return (
    <Sheet
      title={TITLE}
      actions={
        <>
          <span className="sheet-total">
            {report
              ? tn(
                  report.matched.length,
                  '{0} weight to take',
                  '{0} weights to take',
                  count(report.matched.length),
                )
              : ''}
          </span>
          <ConfirmButtons
            operation={operation}
            verb={t('Take the weights')}
            className="warm-confirm"
            disabled={!report || report.matched.length === 0}
          />
        </>
      }
    >
      <DonorCard
        label={donor.label}
        about={`${donor.model.format}, ${countedLayers(donor.model.layers.length)}`}
        isLast={isLast}
      />
      <Field
        label={t('Layers')}
        note={t('A regular expression, found anywhere in a name; empty for all layers.')}
        problem={problem}
      >
        <TextField
          label={t('Layers')}
          value={match}
          placeholder={t('all layers')}
          onInput={setMatch}
          {...(problem !== undefined && { invalid: problem })}
        >
          <span slot="start" className="codicon codicon-regex" aria-hidden="true" />
        </TextField>
      </Field>
      {report ? <Report report={report} /> : null}
      {previewed.problem || !report ? <PreviewBox previewed={previewed} /> : null}
      {report ? <MapTable {...{ model, donor: donor.model, report, map, onChange: setMap }} /> : null}
    </Sheet>
  );
}

/** Weights that found nothing are listed up to here. */
const LISTED = 50;

const WHY: Readonly<Record<WarmStartReport['unmatched'][number]['why'], string>> = {
  layer: t('no layer of that name there'),
  weight: t('that layer has no such weight'),
  shape: t('another shape'),
  layout: t('cannot be read transposed'),
};

function Report({ report: { matched, unmatched, unused } }: { readonly report: WarmStartReport }) {
  const total = matched.length + unmatched.length;
  return (
    <div className="report">
      <p role="status">
        <strong>{count(matched.length)}</strong>{' '}
        {tn(total, 'of {0} weight matched', 'of {0} weights matched', count(total))}
        {unused.length > 0 ? t("; {0} of the file's go unused", count(unused.length)) : ''}
      </p>
      <progress aria-label={t('Matched weights')} max={Math.max(total, 1)} value={matched.length} />
      <Listed
        title={t('Matched ({0})', count(matched.length))}
        rows={matched.map(({ layer, weight, from }) => [`${layer}/${weight}`, from])}
      />
      <Listed
        title={t('Not matched ({0})', count(unmatched.length))}
        rows={unmatched.map(({ layer, weight, why, found, expected }) => [
          `${layer}/${weight}`,
          found && expected ? t('{0} for {1}', weightShape(found), weightShape(expected)) : WHY[why],
        ])}
      />
      <Listed
        title={t('Unused in the file ({0})', count(unused.length))}
        rows={unused.map((name) => [name, ''])}
      />
    </div>
  );
}

function Listed({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, aside: string])[];
}) {
  if (rows.length === 0) return null;
  return (
    <details className="listed">
      <summary>{title}</summary>
      <ul>
        {rows.slice(0, LISTED).map(([name, aside]) => (
          <li key={name}>
            <span title={name}>{name}</span>
            <span title={aside}>{aside}</span>
          </li>
        ))}
        {rows.length > LISTED ? <li>{t('and {0} more', count(rows.length - LISTED))}</li> : null}
      </ul>
    </details>
  );
}
