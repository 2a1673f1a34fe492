import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { GalleryJob, GalleryModel } from '../../src/protocol/gallery';
import type { SortName } from './look';
import { ModelRow } from './modelRow';
import type { Section } from './sections';
import { LIBRARIES } from './words';
import { t } from '../../src/l10n/translate';

export interface ModelListProps {
  readonly sections: readonly Section[];
  /** The models of all sections, from the first to the last. */
  readonly order: readonly GalleryModel[];
  readonly cached: ReadonlySet<string>;
  readonly jobs: readonly GalleryJob[];
  readonly sort: SortName;
  readonly selected: string | null;
  readonly onSort: (sort: SortName) => void;
  readonly onSelect: (name: string) => void;
  /** Its details, where they are not in sight. */
  readonly onShow: (name: string) => void;
  readonly onOpen: (name: string) => void;
}

const COLUMNS: readonly { readonly label: string; readonly sort?: SortName }[] = [
  { label: t('Name'), sort: 'name' },
  { label: t('Parameters'), sort: 'parameters' },
  { label: t('Download'), sort: 'bytes' },
  { label: t('Input') },
  { label: 'Top-1', sort: 'top1' },
  { label: t('Pixels') },
  { label: t('Licence') },
];

/** So far a page key goes. */
const PAGE = 8;

/** The models below their headings; arrows walk, Enter opens, Space shows the details. */
export function ModelList(props: ModelListProps) {
  const { sections, order, cached, jobs, sort, selected, onSort, onSelect, onShow, onOpen } = props;
  const list = useRef<HTMLDivElement>(null);
  const known = order.some(({ name }) => name === selected);
  const focusable = known ? selected : (order[0]?.name ?? null);
  const busy = new Set(
    jobs.filter(({ state }) => state.kind !== 'failed' && state.kind !== 'stopped').map(({ name }) => name),
  );

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = order.findIndex(({ name }) => name === focusable);
    const last = order.length - 1;
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: Math.min(at + PAGE, last),
      PageUp: Math.max(at - PAGE, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) {
      const model = order[next];
      if (model) {
        onSelect(model.name);
        list.current?.querySelector<HTMLElement>(`#${CSS.escape(idOf(model.name))}`)?.focus();
      }
    } else if (focusable === null) return;
    else if (event.key === 'Enter') onOpen(focusable);
    else if (event.key === ' ') onShow(focusable);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="columns" role="group" aria-label={t('Sort by')}>
        {COLUMNS.map(({ label, sort: by }) =>
          by === undefined ? (
            <span key={label}>{label}</span>
          ) : (
            <button key={label} type="button" aria-pressed={sort === by} onClick={() => onSort(by)}>
              {label}
            </button>
          ),
        )}
      </div>
      <div className="models" role="listbox" aria-label={t('Models')} ref={list} onKeyDown={press}>
        {sections.map(({ library, family, models }, index) => (
          <div
            className="section"
            role="group"
            key={`${library} ${family}`}
            aria-label={library === null ? t('All models') : `${family ?? ''}, ${LIBRARIES[library].name}`}
          >
            {library !== null && sections[index - 1]?.library !== library && (
              <div className="library-head" data-library={library} aria-hidden="true">
                <b>{LIBRARIES[library].name}</b>
                <span>{LIBRARIES[library].note}</span>
              </div>
            )}
            {family !== null && (
              <div className="family-head" aria-hidden="true">
                {family}
              </div>
            )}
            {models.map((model) => (
              <ModelRow
                key={model.name}
                id={idOf(model.name)}
                model={model}
                cached={cached.has(model.name)}
                busy={busy.has(model.name)}
                selected={model.name === selected}
                focusable={model.name === focusable}
                onShow={onShow}
                onOpen={onOpen}
              />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

const idOf = (name: string): string => `model-${name}`;
