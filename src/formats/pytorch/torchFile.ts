import type { PickleValue } from './pickle/values';
import type { StoragePlaces } from './placement';

/** A PyTorch file as read: what its pickle holds, and where storages are. */
export interface TorchFile {
  readonly value: PickleValue;
  /** Classes and functions whose objects were not made. */
  readonly foreign: ReadonlySet<string>;
  readonly byteOrder: 'big' | 'little';
  readonly placeOf: StoragePlaces;
}
