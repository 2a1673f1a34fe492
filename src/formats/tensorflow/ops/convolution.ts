import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import type { LayerPlan, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { numbersOf, textOf } from '../graphDef';
import { fusedTail } from './fusedTail';
import { dataFormatOf, overSpace } from './space';

interface Window {
  readonly config: LayerConfig;
  /** Zeros around, where a window is padded in its own way. */
  readonly margins?: LayerConfig;
}

function windowOf(node: FlatNode): Window | string {
  const strides = overSpace(node, 'strides');
  const dilation = overSpace(node, 'dilations');
  if (!strides || !dilation) return t('it strides over the batch or the channels');
  const format = dataFormatOf(node);
  const config = { strides, dilation_rate: dilation, data_format: format };
  const padding = textOf(node, 'padding');
  if (padding === 'SAME' || padding === 'VALID')
    return { config: { ...config, padding: padding.toLowerCase() } };
  const margins = numbersOf(node, 'explicit_paddings');
  if (padding !== 'EXPLICIT' || margins.length !== 8)
    return t('its padding is {0}', padding ?? t('not said'));
  const pairs = [0, 1, 2, 3].map((axis) => margins.slice(2 * axis, 2 * axis + 2));
  const [batch, a, b, c] = pairs;
  const [rows, columns, channels] = format === 'channels_last' ? [a, b, c] : [b, c, a];
  if ([...batch!, ...channels!].some((margin) => margin !== 0)) return t('it pads the batch or the channels');
  return {
    config: { ...config, padding: 'valid' },
    margins: { padding: [rows, columns], data_format: format },
  };
}

const convolve =
  (depthwise: boolean): Recognize =>
  (node, graph): Recognized => {
    const [input, filter] = node.feeds;
    const kernel = graph.constant(filter);
    if (!input || kernel?.shape.length !== 4 || !kernel.source)
      return { refuse: t('its filters are computed, not stored') };
    const window = windowOf(node);
    if (typeof window === 'string') return { refuse: window };
    const [height, width, channels, last] = kernel.shape as [number, number, number, number];
    const features = depthwise ? channels * last : last;
    const tail = fusedTail(node, graph, features);
    if (typeof tail === 'string') return { refuse: tail };
    const shape = graph.shape(input);
    const inputChannels =
      shape?.length === 4 ? shape[dataFormatOf(node) === 'channels_last' ? 3 : 1] : undefined;
    const config = {
      ...window.config,
      ...tail.config,
      kernel_size: [height, width],
      ...(depthwise
        ? { depth_multiplier: last }
        : { filters: last, groups: inputChannels ? Math.max(1, Math.floor(inputChannels / channels)) : 1 }),
    };
    return {
      make: {
        kind: depthwise ? 'DepthwiseConv2D' : 'Conv2D',
        config,
        inputs: [window.margins ? zerosAround(input, window.margins) : input],
        weights: { kernel, ...tail.weights },
      },
    };
  };

export const zerosAround = (input: FlatTensor, config: LayerConfig): LayerPlan => ({
  kind: 'ZeroPadding2D',
  config,
  inputs: [input],
  as: 'padding',
});

export const convolutions: Readonly<Record<string, Recognize>> = {
  Conv2D: convolve(false),
  _FusedConv2D: convolve(false),
  DepthwiseConv2dNative: convolve(true),
  _FusedDepthwiseConv2dNative: convolve(true),
  FusedDepthwiseConv2dNative: convolve(true),
};
