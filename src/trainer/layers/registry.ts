import { identity } from '../../core/layers/identity';
import { activations } from './activations';
import { convolutions } from './convolution';
import { dense } from './dense';
import { computes, type ForwardEntry } from './forward';
import { mergings } from './merging';
import { normalizations } from './normalization';
import { poolings } from './pooling';
import { regularizations } from './regularization';
import { reshapings } from './reshaping';

const entries: readonly ForwardEntry[] = [
  dense,
  computes(identity, (_config, [x]) => x),
  ...convolutions,
  ...poolings,
  ...normalizations,
  ...regularizations,
  ...activations,
  ...mergings,
  ...reshapings,
];

const byKind: ReadonlyMap<string, ForwardEntry> = new Map(entries.map((entry) => [entry.kind, entry]));

/** What a kind computes, by its Keras class name. `InputLayer` computes nothing and has no entry. */
export function forwardOf(kind: string): ForwardEntry | undefined {
  return byKind.get(kind);
}
