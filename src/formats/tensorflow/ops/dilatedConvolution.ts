import { t } from '../../../l10n/translate';
import type { Recognize, Recognized } from '../draft';
import { textOf } from '../graphDef';
import { zerosAround } from './convolution';
import { dataFormatOf, overSpace } from './space';

/**
 * A dilated convolution as TensorFlow writes it where no kernel has dilations: samples of the image become a batch, are
 * convolved, and go back to their places.
 */
const dilated: Recognize = (node, graph): Recognized => {
  const refuse: Recognized = {
    refuse: t('it moves places of the image to another batch, and not for a convolution'),
  };
  const inner = node.feeds[0]?.node;
  const outer = inner?.feeds[0]?.node;
  const depthwise = inner?.op === 'DepthwiseConv2dNative';
  if ((!depthwise && inner?.op !== 'Conv2D') || outer?.op !== 'SpaceToBatchND') return refuse;
  const input = outer.feeds[0];
  const kernel = graph.constant(inner.feeds[1]);
  const [block, crops] = [graph.numbers(node.feeds[1]), graph.numbers(node.feeds[2])];
  const [spread, margins] = [graph.numbers(outer.feeds[1]), graph.numbers(outer.feeds[2])];
  const plain = textOf(inner, 'padding') === 'VALID' && dataFormatOf(inner) === 'channels_last';
  const steps = overSpace(inner, 'strides')?.every((step) => step === 1);
  const known = input && kernel?.shape.length === 4 && block?.length === 2 && block.join() === spread?.join();
  if (!known || !plain || !steps || margins?.length !== 4 || crops?.length !== 4) return refuse;
  // What is cropped at the end was only there to fill the last block.
  const padding = [0, 1].map((axis) => [
    margins[2 * axis]! - crops[2 * axis]!,
    margins[2 * axis + 1]! - crops[2 * axis + 1]!,
  ]);
  if (crops[0] !== 0 || crops[2] !== 0 || padding.flat().some((margin) => margin < 0)) return refuse;
  const [height, width, channels, last] = kernel.shape as [number, number, number, number];
  const shape = {
    kernel_size: [height, width],
    dilation_rate: block,
    padding: 'valid',
    use_bias: false,
    ...(depthwise ? { depth_multiplier: last } : { filters: last }),
  };
  const inputChannels = graph.shape(input)?.[3];
  if (!depthwise && inputChannels !== channels) return refuse;
  return {
    make: {
      kind: depthwise ? 'DepthwiseConv2D' : 'Conv2D',
      config: shape,
      inputs: [padding.flat().some((margin) => margin > 0) ? zerosAround(input, { padding }) : input],
      weights: { kernel },
    },
  };
};

export const dilatedConvolutions: Readonly<Record<string, Recognize>> = { BatchToSpaceND: dilated };
