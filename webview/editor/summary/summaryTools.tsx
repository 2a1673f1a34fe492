import { Button, IconButton } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { TextField } from '../../ui/textField';
import { useEditor } from '../editorContext';
import { counted } from '../model/text';
import { NO_FILTER, SHOWN } from './filter';
import type { Filter } from './filter';

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
    <div className="summary-tools" role="search" aria-label="Filter the layers">
      <TextField
        label="Filter by name, kind or group"
        placeholder={filter.isRegex ? 'Regular expression on names' : 'Filter layers'}
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
        label="Use a regular expression"
        pressed={filter.isRegex}
        onClick={() => change({ isRegex: !filter.isRegex })}
      />
      <Dropdown
        label="Kind"
        value={filter.kind}
        options={[{ value: '', label: 'Any kind' }, ...kinds.map((kind) => ({ value: kind, label: kind }))]}
        onChange={(kind) => change({ kind })}
      />
      <Dropdown
        label="Layers shown"
        value={filter.shown}
        options={SHOWN}
        onChange={(shown) => change({ shown })}
      />
      {filter === NO_FILTER ? null : (
        <IconButton icon="clear-all" label="Clear the filter" onClick={() => onFilter(NO_FILTER)} />
      )}
      <span className="summary-found" role="status" data-problem={problem !== undefined || undefined}>
        {problem ?? found}
      </span>
    </div>
  );
}

export type SummaryFormat = 'text' | 'markdown' | 'csv';

const FORMATS = [
  { value: 'text', label: "Keras's text" },
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
  const what = selected > 0 ? counted(selected, 'selected layer') : 'the whole summary';
  return (
    <div className="summary-head">
      <h2>Summary</h2>
      <Dropdown label="Format to copy in" value={format} options={FORMATS} onChange={onFormat} />
      <Button icon="copy" title={`Copy ${what}`} onClick={onCopy}>
        {selected > 0 ? 'Copy selection' : 'Copy'}
      </Button>
      <Button icon="save-as" title={`Save ${what} as a file`} onClick={onSave}>
        Save as…
      </Button>
      <Button icon="type-hierarchy" onClick={() => controller.toggleSummary()}>
        Back to the graph
      </Button>
    </div>
  );
}
