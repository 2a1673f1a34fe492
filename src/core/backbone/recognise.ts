import type { Preprocess } from '../plan/trainingData';
import type { Layer, LayerGraph } from '../graph/layerGraph';
import { BACKBONES } from './backbones';
import { takesUnitPixels } from './pixelRange';
import { t } from '../../l10n/translate';

/** So many layers with weights tell a published architecture from others; a cut before keeps too little of it. */
const TOLD_BY = 8;

/** As every image module of TensorFlow Hub takes them. */
const UNIT_MODULE: Backbone = { family: t('this image module'), preprocess: 'unit' };

/** A published architecture that a model begins with. */
export interface Backbone {
  /** Of the architectures that begin alike: `ResNet`; what it is called where only its pixels are known. */
  readonly family: string;
  /** What the images of its published weights went through. */
  readonly preprocess: Preprocess;
}

/**
 * The published architecture that a model begins with: by the names, kinds and weight shapes of its first layers, which
 * surgery behind them leaves as they are. A layer before them that changes pixels (`Rescaling`) makes it another one. That
 * its weights are the published ones is likely, not certain: what follows from it is a proposal or a warning. A model that
 * scales pixels of 0 to 1 itself is known for that alone, whatever follows.
 */
export function recogniseBackbone(graph: LayerGraph): Backbone | undefined {
  const signature = backboneSignature(graph);
  const known = signature === undefined ? undefined : BACKBONES.get(signature);
  return known ?? (takesUnitPixels(graph) ? UNIT_MODULE : undefined);
}

/** What `BACKBONES` lists architectures by; undefined for a model that is too short or has several inputs. */
export function backboneSignature(graph: LayerGraph): string | undefined {
  if (graph.inputs.length !== 1) return undefined;
  const told: string[] = [];
  let weighted = 0;
  for (const layer of graph.layers) {
    if (layer.weights.length > 0) {
      told.push(tellOf(layer));
      if (++weighted === TOLD_BY) return hashOf(told.join('|'));
    } else if (weighted === 0 && changesPixels(layer)) {
      told.push(layer.kind);
    }
  }
  return undefined;
}

/** Augmentation changes pixels too, but goes where training goes. */
function changesPixels({ kind }: Layer): boolean {
  return kind !== 'InputLayer' && !kind.startsWith('Random') && kind !== 'Dropout';
}

function tellOf({ name, kind, weights }: Layer): string {
  return [nameOf(name, kind), kind, ...weights.map(({ shape }) => shape.join('x'))].join(' ');
}

/** Names that Keras makes up (`conv2d_94`) depend on what else was made in the session. */
function nameOf(name: string, kind: string): string {
  const madeUp = kind.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  const bare = name.replace(/_\d+$/, '').replaceAll('_', '');
  return bare === madeUp.replaceAll('_', '') ? '' : name;
}

/** FNV-1a over UTF-16 code units, in 64 bits: dozens of architectures, and no other use. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
