import { useEffect } from 'react';
import { IconButton } from '../../ui/button';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';
import { count } from '../model/text';
import { shownChanges, WORDS } from './comparison';
import type { Comparison } from './comparison';
import { STATUSES } from './diffModels';
import { t } from '../../../src/l10n/translate';

/** What changed, over the canvas: a legend that also filters, the way through the changes, and one of them in words. */
export function DiffPanel() {
  const { controller } = useEditor();
  const comparison = useEditorState((state) => state.comparison);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'F7' || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey)
        return;
      event.preventDefault();
      controller.goToChange(event.shiftKey ? -1 : 1);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [controller]);
  const changes = comparison ? shownChanges(comparison).length : 0;
  return (
    <section className="diff-panel" aria-label={t('What changed')}>
      <div className="diff-head">
        <h2>{t('What changed')}</h2>
        <IconButton
          icon="arrow-up"
          label={t('Previous change')}
          keys="Shift+F7"
          disabled={changes === 0}
          onClick={() => controller.goToChange(-1)}
        />
        <IconButton
          icon="arrow-down"
          label={t('Next change')}
          keys="F7"
          disabled={changes === 0}
          onClick={() => controller.goToChange(1)}
        />
        <IconButton
          icon="close"
          label={t('End the comparison')}
          onClick={() => controller.toggleComparing()}
        />
      </div>
      {comparison ? (
        <Legend comparison={comparison} />
      ) : (
        <ProgressRing label={t('Reading the model as the file has it')} />
      )}
    </section>
  );
}

function Legend({ comparison }: { readonly comparison: Comparison }) {
  const { controller } = useEditor();
  const anchor = useEditorState((state) => state.anchor);
  const { diff, shown, model } = comparison;
  const layer = anchor === null ? undefined : model.layers.find(({ id }) => id === anchor);
  const found = anchor === null ? undefined : diff.layers.get(anchor);
  const nothing = diff.layers.size === 0;
  return (
    <>
      <div className="diff-legend" role="group" aria-label={t('Changes shown')}>
        {STATUSES.map((status) => (
          <button
            type="button"
            key={status}
            className="diff-chip"
            data-status={status}
            aria-pressed={shown.has(status)}
            disabled={diff.counts[status] === 0}
            title={
              shown.has(status)
                ? t('Hide layers: {0}', WORDS[status].toLowerCase())
                : t('Show layers: {0}', WORDS[status].toLowerCase())
            }
            onClick={() => controller.showChanges(status, !shown.has(status))}
          >
            <i className="diff-swatch" aria-hidden="true" />
            <span>{WORDS[status]}</span>
            <span className="diff-count">{count(diff.counts[status])}</span>
          </button>
        ))}
      </div>
      <div className="diff-detail" role="status">
        {nothing ? (
          <p>{t('The model is as its file has it.')}</p>
        ) : layer && found ? (
          <>
            <p className="diff-name">{layer.name}</p>
            <ul>
              {found.lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        ) : (
          <p>{t('Select a coloured layer, or press F7, to see what changed about it.')}</p>
        )}
      </div>
    </>
  );
}
