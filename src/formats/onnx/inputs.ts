import { Failure } from '../../core/failure';
import type { OnnxModel, OnnxNode, OnnxValueInfo } from './proto';
import { channelsLast, identityOrder, sameOrder, type AxisOrder } from './value';
import { t } from '../../l10n/translate';

/** Operators that want their channels first, and so say how the tensor they read lies. */
const CHANNELS_FIRST: ReadonlySet<string> = new Set([
  'Conv',
  'ConvTranspose',
  'MaxPool',
  'AveragePool',
  'GlobalMaxPool',
  'GlobalAveragePool',
  'BatchNormalization',
  'InstanceNormalization',
  'Resize',
  'Upsample',
  'LRN',
  'DepthToSpace',
]);

/** Operators that leave axes where they are. */
const KEEPING: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Relu',
  'Clip',
  'Dropout',
  'Pad',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/** Nodes looked at from an input on, before its rank decides. */
const MAX_STEPS = 256;

/**
 * How the model's input lies in the layer graph: as ONNX has it where it is transposed first (models that came from
 * TensorFlow), channels last where something wants them first, and by its rank where nothing tells. Of three axes a transpose tells nothing: there and back are one.
 */
export function inputOrder(
  { name, shape }: OnnxValueInfo,
  readers: ReadonlyMap<string, readonly OnnxNode[]>,
): AxisOrder {
  if (!shape || shape.length === 0) {
    const found = shape ? t('a single number') : t('no shape');
    throw new Failure(
      'input',
      'ONNX_INPUT',
      t('input "{0}": found {1}, expected a shape with a batch', name, found),
    );
  }
  const rank = shape.length;
  const queue = [name];
  for (let step = 0; step < queue.length && step < MAX_STEPS; step++) {
    for (const node of readers.get(queue[step] ?? '') ?? []) {
      if (node.op === 'Transpose')
        return rank > 3 && givesChannelsLast(node, rank) ? channelsLast(rank) : identityOrder(rank);
      if (CHANNELS_FIRST.has(node.op)) return channelsLast(rank);
      if (KEEPING.has(node.op)) queue.push(...node.outputs);
    }
  }
  return rank === 4 ? channelsLast(rank) : identityOrder(rank);
}

/** The batch that a file fixes alike for all of its inputs. */
export function fixedBatch({ inputs, constants }: OnnxModel): number | undefined {
  const held = new Set(constants.map(({ name }) => name));
  const sizes = new Set(inputs.filter(({ name }) => !held.has(name)).map(({ shape }) => shape?.[0] ?? null));
  const [size] = sizes;
  return sizes.size === 1 ? (size ?? undefined) : undefined;
}

function givesChannelsLast({ attributes }: OnnxNode, rank: number): boolean {
  const permutation = attributes.get('perm');
  return permutation?.type === 'numbers' && sameOrder(permutation.value, channelsLast(rank));
}
