import type { WeightSource } from '../../core/graph/layerGraph';
import type { DatasetHeader, H5File } from './h5File';

/** Where Keras 3 keeps variables: groups of datasets with numbers for names, in one HDF5 file or in several. */
export interface VariableStore {
  /** The file that people know. */
  readonly path: string;
  /** What messages call it: the file's name, or that of an archive's entry. */
  readonly name: string;
  has(at: string): boolean;
  /** The names of what is in a group, of which there may be none. */
  namesIn(group: string): readonly string[];
  isGroup(at: string): boolean;
  /** A text attribute of a group, or undefined where there is none. */
  text(group: string, name: string): string | undefined;
  /** @throws Failure `H5_CORRUPT` where there is no such dataset, or one that no weight can be */
  header(dataset: string): DatasetHeader;
  sourceOf(dataset: string): WeightSource;
}

/**
 * The variables of one HDF5 file.
 * @param archive the file is this entry of that archive, wherever it was taken out to
 */
export function storeOf(
  file: H5File,
  name: string,
  archive?: { readonly path: string; readonly entry: string },
): VariableStore {
  const place = archive ?? { path: file.path };
  return {
    path: place.path,
    name,
    has: (at) => file.has(at),
    namesIn: (group) => file.namesIn(group === '' ? '/' : group),
    isGroup: (at) => file.isGroup(at),
    text: (group, attribute) => file.text(group, attribute),
    header: (dataset) => file.header(dataset),
    sourceOf: (dataset) => ({ from: 'dataset', ...place, dataset }),
  };
}
