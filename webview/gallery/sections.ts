import type { GalleryLibrary, GalleryModel } from '../../src/protocol/gallery';
import { SIZES, type Look, type SortName } from './look';
import { LIBRARIES, PREPROCESSING } from './words';

/** A run of models below one heading; without a family where they are sorted otherwise. */
export interface Section {
  readonly library: GalleryLibrary | null;
  readonly family: string | null;
  readonly models: readonly GalleryModel[];
}

/** The models that the look lets through. Each word of the search must be in what a row says. */
export function filtered(
  models: readonly GalleryModel[],
  cached: ReadonlySet<string>,
  look: Look,
): readonly GalleryModel[] {
  const { from, to } = SIZES[look.size];
  const words = look.search.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const { name, family, library, parameters } = model;
    if (look.library !== 'all' && library !== look.library) return false;
    if (look.family !== '' && family !== look.family) return false;
    if (parameters < from || parameters >= to) return false;
    if (look.cachedOnly && !cached.has(name)) return false;
    const said = textOf(model);
    return words.every((word) => said.includes(word));
  });
}

function textOf({ name, family, library, preprocess, licence, input }: GalleryModel): string {
  const { mode } = PREPROCESSING[preprocess];
  return [name, family, LIBRARIES[library].name, preprocess, mode, licence, input.join('x')]
    .join(' ')
    .toLowerCase();
}

/** The models below their headings: a library's families, or all of them in one row where another order is asked for. */
export function sectionsOf(models: readonly GalleryModel[], sort: SortName): readonly Section[] {
  if (models.length === 0) return [];
  if (sort !== 'family') return [{ library: null, family: null, models: sorted(models, sort) }];
  const libraries = (Object.keys(LIBRARIES) as GalleryLibrary[]).map((library) => ({
    library,
    own: models.filter((model) => model.library === library),
  }));
  return libraries.flatMap(({ library, own }) =>
    [...new Set(own.map(({ family }) => family))].map((family) => ({
      ...{ library, family },
      models: own.filter((model) => model.family === family),
    })),
  );
}

/** The best first: the most accurate, the smallest; names as a dictionary has them. */
function sorted(models: readonly GalleryModel[], sort: Exclude<SortName, 'family'>): readonly GalleryModel[] {
  const byName = (a: GalleryModel, b: GalleryModel) => a.name.localeCompare(b.name, 'en', { numeric: true });
  const order = {
    name: byName,
    parameters: (a: GalleryModel, b: GalleryModel) => a.parameters - b.parameters || byName(a, b),
    bytes: (a: GalleryModel, b: GalleryModel) => a.bytes - b.bytes || byName(a, b),
    top1: (a: GalleryModel, b: GalleryModel) => (b.top1 ?? -1) - (a.top1 ?? -1) || byName(a, b),
  }[sort];
  return models.toSorted(order);
}
