import type { GalleryLibrary, GalleryModel, GalleryWish } from '../../src/protocol/gallery';
import { t } from '../../src/l10n/translate';

/** How the gallery is looked at: kept while its tab is away, and over a reload. */
export interface Look {
  readonly search: string;
  readonly library: 'all' | GalleryLibrary;
  /** A family's name; empty is all. */
  readonly family: string;
  readonly size: SizeName;
  readonly sort: SortName;
  readonly cachedOnly: boolean;
  readonly chart: boolean;
  /** The model that the details are about. */
  readonly selected: string | null;
  readonly options: Options;
}

/** What of a model is wanted, whichever it is; the input's size is the model's own where it is empty. */
export type Options = Omit<GalleryWish, 'name'>;

export const SORTS = {
  family: t('Family'),
  top1: t('Accuracy'),
  parameters: t('Parameters'),
  bytes: t('Download'),
  name: t('Name'),
} as const;
export type SortName = keyof typeof SORTS;

/** In millions of parameters, with the published top. */
export const SIZES = {
  any: { label: t('Any size'), from: 0, to: Infinity },
  tiny: { label: t('Under 6 M'), from: 0, to: 6e6 },
  small: { label: '6–15 M', from: 6e6, to: 15e6 },
  medium: { label: '15–50 M', from: 15e6, to: 50e6 },
  large: { label: t('Over 50 M'), from: 50e6, to: Infinity },
} as const;
export type SizeName = keyof typeof SIZES;

/** Of a top that is made anew; ImageNet's. */
const CLASSES = 1000;

export const FIRST_LOOK: Look = {
  ...{ search: '', library: 'all', family: '', size: 'any', sort: 'family', cachedOnly: false, chart: true },
  selected: null,
  options: { includeTop: false, pooling: null, inputSize: '', classes: CLASSES, random: false },
};

/** What VS Code kept, where it still has a meaning: an older page may have kept something else. */
export function lookOf(kept: Partial<Look>): Look {
  const { search, library, family, size, sort, cachedOnly, chart, selected, options } = kept;
  const { includeTop, pooling, inputSize, classes, random }: Partial<Options> = options ?? {};
  const first = FIRST_LOOK;
  const text = (value: unknown, other: string) => (typeof value === 'string' ? value : other);
  const flag = (value: unknown, other: boolean) => (typeof value === 'boolean' ? value : other);
  return {
    search: text(search, first.search),
    library: library === 'keras' || library === 'torchvision' ? library : 'all',
    family: text(family, first.family),
    size: size !== undefined && Object.hasOwn(SIZES, size) ? size : first.size,
    sort: sort !== undefined && Object.hasOwn(SORTS, sort) ? sort : first.sort,
    cachedOnly: flag(cachedOnly, first.cachedOnly),
    chart: flag(chart, first.chart),
    selected: typeof selected === 'string' ? selected : null,
    options: {
      includeTop: flag(includeTop, first.options.includeTop),
      pooling: pooling === 'avg' || pooling === 'max' ? pooling : null,
      inputSize: text(inputSize, first.options.inputSize),
      classes: typeof classes === 'number' ? classes : first.options.classes,
      random: flag(random, first.options.random),
    },
  };
}

/** Of another model: its own input's size. */
export function lookAt(look: Look, selected: string | null): Look {
  if (selected === look.selected) return look;
  return { ...look, selected, options: { ...look.options, inputSize: '' } };
}

export function wishFor(model: GalleryModel, options: Options): GalleryWish {
  const { includeTop, pooling, inputSize, classes, random } = options;
  return {
    ...{ name: model.name, includeTop, classes, random },
    pooling: includeTop ? null : pooling,
    inputSize: inputSize.trim() === '' ? model.input.join('x') : inputSize,
  };
}

/** Whether anything keeps models out of the list. */
export function isFiltered({ search, library, family, size, cachedOnly }: Look): boolean {
  return search.trim() !== '' || library !== 'all' || family !== '' || size !== 'any' || cachedOnly;
}

export function withoutFilters(look: Look): Look {
  const { search, library, family, size, cachedOnly } = FIRST_LOOK;
  return { ...look, search, library, family, size, cachedOnly };
}
