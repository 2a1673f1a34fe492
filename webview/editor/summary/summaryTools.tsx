import { Button, IconButton } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { TextField } from '../../ui/textField';
import { useEditor } from '../editorContext';
import { count } from '../model/text';
import { NO_FILTER, SHOWN } from './filter';
import type { Filter } from './filter';
import { t, tn } from '../../../src/l10n/translate';

export interface FilterToolsProps {
  readonly filter: Filter;
  readonly kinds: readonly string[];
  readonly problem: string | undefined;
  readonly found: string;
  readonly onFilter: (filter: Filter) => void;
}

/** Which layers the table shows. */
export function FilterTools({ filter, kinds, problem, found, onFilter }: FilterToolsProps) {
  const change = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  return (
    <div className="summary-tools" role="search" aria-label={t('Filter the layers')}>
      <TextField
        label={t('Filter by name, kind or group')}
        placeholder={filter.isRegex ? t('Regular expression on names') : t('Filter layers')}
        value={filter.text}
        className="summary-filter"
        {...(problem !== undefined && { invalid: problem })}
        onInput={(text) => change({ text })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter.text === '') return;
          change({ text: '' });
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <IconButton
        icon="regex"
        label={t('Use a regular expression')}
        pressed={filter.isRegex}
        onClick={() => change({ isRegex: !filter.isRegex })}
      />
      <Dropdown
        label={t('Kind')}
        value={filter.kind}
        options={[
          { value: '', label: t('Any kind') },
          ...kinds.map((kind) => ({ value: kind, label: kind })),
        ]}
        onChange={(kind) => change({ kind })}
      />
      <Dropdown
        label={t('Layers shown')}
        value={filter.shown}
        options={SHOWN}
        onChange={(shown) => change({ shown })}
      />
      {filter === NO_FILTER ? null : (
        <IconButton icon="clear-all" label={t('Clear the filter')} onClick={() => onFilter(NO_FILTER)} />
      )}
      <span className="summary-found" role="status" data-problem={problem !== undefined || undefined}>
        {problem ?? found}
      </span>
    </div>
  );
}

export type SummaryFormat = 'text' | 'markdown' | 'csv';

const FORMATS = [
  { value: 'text', label: t("Keras's text") },
  { value: 'markdown', label: 'Markdown' },
  { value: 'csv', label: 'CSV' },
] as const;

export interface CopyToolsProps {
  readonly format: SummaryFormat;
  readonly selected: number;
  readonly onFormat: (format: SummaryFormat) => void;
  readonly onCopy: () => void;
  readonly onSave: () => void;
}

/** What one takes away: the selection where there is one, else all that is shown. */
export function CopyTools({ format, selected, onFormat, onCopy, onSave }: CopyToolsProps) {
  const { controller } = useEditor();
  const what =
    selected > 0
      ? tn(selected, '{0} selected layer', '{0} selected layers', count(selected))
      : t('the whole summary');
  return (
    <div className="summary-head">
      <h2>{t('Summary')}</h2>
      <Dropdown label={t('Format to copy in')} value={format} options={FORMATS} onChange={onFormat} />
      <Button icon="copy" title={t('Copy {0}', what)} onClick={onCopy}>
        {selected > 0 ? t('Copy selection') : t('Copy')}
      </Button>
      <Button icon="save-as" title={t('Save {0} as a file', what)} onClick={onSave}>
        {t('Save as…')}
      </Button>
      <Button icon="type-hierarchy" onClick={() => controller.toggleSummary()}>
        {t('Back to the graph')}
      </Button>
    </div>
  );
}
