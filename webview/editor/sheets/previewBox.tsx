import type { Fault } from '../../../src/core/failure';
import type { PreviewedLayer } from '../../../src/protocol/surgerySheets';
import { Icon } from '../../ui/icon';
import { count, sampleShape } from '../model/text';
import type { Previewed } from './usePreview';
import { t, tn } from '../../../src/l10n/translate';

/** Lists of layers are shown up to here; the rest is counted. */
const SHOWN = 12;

/** What an operation would do to the model: new layers, layers that change or go, what would not fit. */
export function PreviewBox({ previewed }: { readonly previewed: Previewed }) {
  const { found, problem, working } = previewed;
  if (problem) {
    return (
      <p className="sheet-problem" role="status" data-severity="error">
        <Icon name="error" />
        <span>{problem.message}</span>
      </p>
    );
  }
  if (!found) return working ? <p className="sheet-note">{t('Working out shapes…')}</p> : null;
  const errors = found.faults.filter(({ severity }) => severity === 'error');
  // What goes is listed below, layer by layer.
  const notes = found.faults.filter(
    ({ severity, code }) => severity !== 'error' && code !== 'LAYERS_DROPPED',
  );
  return (
    <div className="preview-box" aria-busy={working}>
      <Faults faults={errors} />
      <Faults faults={notes} />
      <Layers title={t('New layers')} layers={found.added} />
      <Layers title={t('Changes')} layers={found.changed} />
      {found.removed.length > 0 ? (
        <div className="preview-gone">
          <span className="field-label">{t('Goes')}</span>
          <p>{goneWords(found.removed)}</p>
        </div>
      ) : null}
    </div>
  );
}

function goneWords(names: readonly string[]): string {
  const listed = names.slice(0, SHOWN).join(', ');
  const more = names.length - SHOWN;
  if (more <= 0) return listed;
  return tn(more, '{0} and {1} more layer', '{0} and {1} more layers', listed, count(more));
}

function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  return faults.slice(0, SHOWN).map(({ code, message, severity, layer }) => (
    <p className="sheet-problem" data-severity={severity} key={`${code} ${layer ?? ''} ${message}`}>
      <Icon name={severity} />
      <span>{message}</span>
    </p>
  ));
}

export function Layers({
  title,
  layers,
}: {
  readonly title: string;
  readonly layers: readonly PreviewedLayer[];
}) {
  if (layers.length === 0) return null;
  return (
    <div className="preview">
      <span className="field-label">{title}</span>
      <ol>
        {layers.slice(0, SHOWN).map(({ name, kind, outputShape, params }) => (
          <li key={name}>
            <span className="preview-kind">{kind}</span>
            <span className="preview-detail">{name}</span>
            <span className="preview-shape">{sampleShape(outputShape)}</span>
            <span className="preview-params">{count(params)}</span>
          </li>
        ))}
        {layers.length > SHOWN ? (
          <li>
            <span className="preview-detail">
              {tn(
                layers.length - SHOWN,
                'and {0} more layer',
                'and {0} more layers',
                count(layers.length - SHOWN),
              )}
            </span>
          </li>
        ) : null}
      </ol>
    </div>
  );
}

/** `1,234 new parameters`, for the line beside a sheet's buttons. */
export function newParameters({ found }: Previewed): string {
  if (!found || found.added.length === 0) return '';
  const added = found.added.reduce((sum, { params }) => sum + params, 0);
  return t('{0} new parameters', count(added));
}
