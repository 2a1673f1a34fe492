import { identity } from '../../core/layers/identity';
import { activations } from './activations';
import { augmentations } from './augmentation';
import { convolutions } from './convolution';
import { dense } from './dense';
import { computes, type ForwardEntry } from './forward';
import { mergings } from './merging';
import { normalizations } from './normalization';
import { poolings } from './pooling';
import { activityRegularization, regularizations } from './regularization';
import { reshapings } from './reshaping';

const entries: readonly ForwardEntry[] = [
  dense,
  computes(identity, (_config, [x]) => x),
  ...convolutions,
  ...poolings,
  ...normalizations,
  ...regularizations,
  activityRegularization,
  ...augmentations,
  ...activations,
  ...mergings,
  ...reshapings,
];

const byKind: ReadonlyMap<string, ForwardEntry> = new Map(entries.map((entry) => [entry.kind, entry]));

/** What a kind computes, by its Keras class name. `InputLayer` computes nothing and has no entry. */
export function forwardOf(kind: string): ForwardEntry | undefined {
  return byKind.get(kind);
}

const random: ReadonlySet<string> = new Set([...regularizations, ...augmentations].map(({ kind }) => kind));

/** Whether its output is random in training, so that the prefix of what no step changes ends there. */
export function isRandom(kind: string): boolean {
  return random.has(kind);
}
