import type { RefObject } from 'react';
import type { GalleryModel } from '../../src/protocol/gallery';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { Select } from '../ui/select';
import { TextField } from '../ui/textField';
import { SIZES, SORTS, type Look, type SizeName, type SortName } from './look';
import { Segments } from './segments';

export interface ToolbarProps {
  readonly look: Look;
  readonly models: readonly GalleryModel[];
  readonly cached: ReadonlySet<string>;
  /** How many the filters let through. */
  readonly shown: number;
  readonly search: RefObject<HTMLDivElement | null>;
  readonly onChange: (change: Partial<Look>) => void;
  readonly onModule: () => void;
  /** Down into the list. */
  readonly onEnter: () => void;
}

const LIBRARY_OPTIONS = [
  { value: 'all', label: 'All' },
  { value: 'keras', label: 'Keras' },
  { value: 'torchvision', label: 'torchvision' },
] as const;

const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const SIZE_OPTIONS = Object.entries(SIZES).map(([value, { label }]) => ({ value, label }));
const SORT_OPTIONS = optionsOf(SORTS).map(({ value, label }) => ({
  value,
  label: `By ${label.toLowerCase()}`,
}));

export function Toolbar({ look, models, cached, shown, search, onChange, onModule, onEnter }: ToolbarProps) {
  const families = [
    ...new Set(
      models
        .filter(({ library }) => look.library === 'all' || library === look.library)
        .map(({ family }) => family),
    ),
  ];
  return (
    <header className="gallery-head">
      <div className="gallery-title">
        <h1>Pretrained models</h1>
        <p className="quiet" role="status">
          {shown === models.length ? `${shown} models` : `${shown} of ${models.length} models`}
        </p>
        <span className="more">
          <Button icon="link" onClick={onModule}>
            From a URL or folder…
          </Button>
        </span>
      </div>
      <div className="tools">
        <div className="search" ref={search}>
          <TextField
            label="Search models"
            value={look.search}
            placeholder="Name, family, licence, pixels…"
            onInput={(text) => onChange({ search: text })}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' || event.key === 'Enter') {
                event.preventDefault();
                onEnter();
              } else if (event.key === 'Escape' && look.search !== '') onChange({ search: '' });
            }}
          >
            <kbd slot="end" aria-hidden="true">
              /
            </kbd>
          </TextField>
        </div>
        <Segments
          label="Library"
          value={look.library}
          options={LIBRARY_OPTIONS}
          onChange={(library) => onChange({ library, family: '' })}
        />
        <div className="selects">
          <Select
            label="Family"
            value={families.includes(look.family) ? look.family : ''}
            options={[
              { value: '', label: 'All families' },
              ...families.map((family) => ({ value: family, label: family })),
            ]}
            onChange={(family) => onChange({ family })}
          />
          <Select
            label="Size"
            value={look.size}
            options={SIZE_OPTIONS}
            onChange={(size) => onChange({ size: size as SizeName })}
          />
          <Select
            label="Sort"
            value={look.sort}
            options={SORT_OPTIONS}
            onChange={(sort) => onChange({ sort: sort as SortName })}
          />
        </div>
        <div className="toggles">
          <button
            type="button"
            className="toggle"
            aria-pressed={look.cachedOnly}
            onClick={() => onChange({ cachedOnly: !look.cachedOnly })}
          >
            <Icon name="pass" />
            {`Downloaded (${cached.size})`}
          </button>
          <IconButton
            icon="graph-scatter"
            label="Accuracy against parameters"
            pressed={look.chart}
            onClick={() => onChange({ chart: !look.chart })}
          />
        </div>
      </div>
    </header>
  );
}
