import type { RefObject } from 'react';
import type { GalleryModel } from '../../src/protocol/gallery';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { Select } from '../ui/select';
import { TextField } from '../ui/textField';
import { SIZES, SORTS, type Look, type SizeName, type SortName } from './look';
import { Segments } from './segments';
import { t } from '../../src/l10n/translate';

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
  { value: 'all', label: t('All') },
  { value: 'keras', label: 'Keras' },
  { value: 'torchvision', label: 'torchvision' },
] as const;

const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const SIZE_OPTIONS = Object.entries(SIZES).map(([value, { label }]) => ({ value, label }));
const SORT_OPTIONS = optionsOf(SORTS).map(({ value, label }) => ({
  value,
  label: t('By {0}', label.toLowerCase()),
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
        <h1>{t('Pretrained models')}</h1>
        <p className="quiet" role="status">
          {shown === models.length ? t('{0} models', shown) : t('{0} of {1} models', shown, models.length)}
        </p>
        <span className="more">
          <Button icon="link" onClick={onModule}>
            {t('From a URL or folder…')}
          </Button>
        </span>
      </div>
      <div className="tools">
        <div className="search" ref={search}>
          <TextField
            label={t('Search models')}
            value={look.search}
            placeholder={t('Name, family, licence, pixels…')}
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
          label={t('Library')}
          value={look.library}
          options={LIBRARY_OPTIONS}
          onChange={(library) => onChange({ library, family: '' })}
        />
        <div className="selects">
          <Select
            label={t('Family')}
            value={families.includes(look.family) ? look.family : ''}
            options={[
              { value: '', label: t('All families') },
              ...families.map((family) => ({ value: family, label: family })),
            ]}
            onChange={(family) => onChange({ family })}
          />
          <Select
            label={t('Size')}
            value={look.size}
            options={SIZE_OPTIONS}
            onChange={(size) => onChange({ size: size as SizeName })}
          />
          <Select
            label={t('Sort')}
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
            {t('Downloaded ({0})', cached.size)}
          </button>
          <IconButton
            icon="graph-scatter"
            label={t('Accuracy against parameters')}
            pressed={look.chart}
            onClick={() => onChange({ chart: !look.chart })}
          />
        </div>
      </div>
    </header>
  );
}
