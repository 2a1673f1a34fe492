import { t } from '../../../l10n/translate';
import { constantPlan } from '../constantLayers';
import { reshape, type Constant } from '../constants';
import type { Draft, GraphSoFar, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { merge } from './arithmetic';
import { shiftByChannel } from './byChannel';
import { dataFormatOf, type DataFormat } from './space';

/** A constant that adds a number a feature along the last axis. */
export function biasOf(constant: Constant, features: number, axis = -1): Constant | undefined {
  const at = axis < 0 ? axis + constant.shape.length : axis;
  const isBias = constant.shape.every((size, index) => size === (index === at ? features : 1));
  return isBias && constant.shape.length > 0 ? reshape(constant, [features]) : undefined;
}

const BIASED: ReadonlySet<string> = new Set(['Conv2D', 'DepthwiseConv2D', 'Conv2DTranspose', 'Dense']);

/** The layer before with that bias, where it has none yet and does nothing after it. */
export function withBias(
  input: FlatTensor | undefined,
  constant: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized | undefined {
  const draft: Draft | undefined = graph.alone(input);
  if (!draft || draft.opaque !== undefined || !BIASED.has(draft.kind) || draft.config.use_bias === true) {
    return undefined;
  }
  if (draft.config.activation !== 'linear') return undefined;
  if (draft.kind !== 'Dense' && draft.config.data_format !== format) return undefined;
  const kernel = draft.weights[0]?.shape ?? [];
  const features =
    draft.kind === 'DepthwiseConv2D'
      ? kernel.at(-1)! * kernel.at(-2)!
      : (kernel.at(draft.kind === 'Conv2DTranspose' ? -2 : -1) ?? 0);
  const isVector = constant.shape.length === 1;
  if (!constant.source) return undefined;
  const bias = biasOf(
    constant,
    features,
    isVector || format === 'channels_last' ? -1 : constant.shape.length - 3,
  );
  return bias && { change: draft, config: { ...draft.config, use_bias: true }, weights: { bias } };
}

const addBias: Recognize = (node, graph): Recognized => {
  const [input, bias] = node.feeds;
  const constant = graph.constant(bias);
  const format = dataFormatOf(node);
  if (!input || constant?.shape.length !== 1) {
    return format === 'channels_last'
      ? merge('Add', node.feeds, graph)
      : { refuse: t('its bias is computed, not stored') };
  }
  return (
    withBias(input, constant, format, graph) ??
    (constant.source && shiftByChannel(input, constant, format, graph)) ??
    alongChannels(node, constant, format, graph)
  );
};

/** Of anything else: the bias as a tensor of its own. */
function alongChannels(
  { feeds: [input, bias] }: FlatNode,
  constant: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized {
  const rank = graph.shape(input)?.length;
  if (!input || rank === undefined) return { refuse: t('what it adds its bias to is not known') };
  const at = format === 'channels_last' ? rank - 1 : 1;
  const shape = Array.from({ length: rank }, (_, axis) => (axis === at ? constant.shape[0]! : 1));
  const plan = constantPlan(constant, graph.numbers(bias), shape);
  return plan
    ? { make: { kind: 'Add', config: {}, inputs: [input, plan] } }
    : { refuse: t('its bias is kept in a way that cannot be read') };
}

export const biases: Readonly<Record<string, Recognize>> = { BiasAdd: addBias };
