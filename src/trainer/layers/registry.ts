import type { LayerConfig } from '../../core/graph/layerGraph';
import { innerLayers } from '../../core/layers/wrapping';
import { identity } from '../../core/layers/identity';
import { activations } from './activations';
import { adaptivePoolings } from './adaptivePooling';
import { attentions } from './attention';
import { augmentations } from './augmentation';
import { categories } from './categorical';
import { convolutions } from './convolution';
import { convolutionalRecurrences } from './convolutionalRecurrent';
import { dense } from './dense';
import { einsumDenses } from './einsumDense';
import { embeddings } from './embedding';
import { computes, type ForwardEntry } from './forward';
import { mergings } from './merging';
import { normalizations } from './normalization';
import { poolings } from './pooling';
import { recurrences } from './recurrent';
import { activityRegularization, regularizations } from './regularization';
import { reshapings } from './reshaping';
import { spectrograms } from './spectrogram';
import { tones } from './tones';
import { tensorOperations } from './tensorOperations';
import { numberOperations } from './numberOperations';
import { wrappings } from './wrapping';

const entries: readonly ForwardEntry[] = [
  dense,
  computes(identity, (_config, [x]) => x),
  ...convolutions,
  ...poolings,
  ...adaptivePoolings,
  ...einsumDenses,
  ...normalizations,
  ...regularizations,
  activityRegularization,
  ...augmentations,
  ...tones,
  ...categories,
  ...spectrograms,
  ...activations,
  ...mergings,
  ...reshapings,
  ...embeddings,
  ...recurrences,
  ...convolutionalRecurrences,
  ...attentions,
  ...tensorOperations,
  ...numberOperations,
  ...wrappings((kind) => forwardOf(kind)),
];

const byKind: ReadonlyMap<string, ForwardEntry> = new Map(entries.map((entry) => [entry.kind, entry]));

/** What a kind computes, by its Keras class name. `InputLayer` computes nothing and has no entry. */
export function forwardOf(kind: string): ForwardEntry | undefined {
  return byKind.get(kind);
}

const random: ReadonlySet<string> = new Set([...regularizations, ...augmentations].map(({ kind }) => kind));

/** Whether its output is random in training, so that the prefix of what no step changes ends there. */
export function isRandom(kind: string, config: LayerConfig): boolean {
  const drops = Number(config.dropout ?? 0) > 0 || Number(config.recurrent_dropout ?? 0) > 0;
  return drops || random.has(kind) || innerLayers(config).some((inner) => isRandom(inner.kind, inner.config));
}
