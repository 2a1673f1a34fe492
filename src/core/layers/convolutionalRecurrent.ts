import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { strideOrDilation } from './convolution';
import { count, dataFormat, flag, sizes, word } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { requireStates } from './recurrent';
import {
  forgetBias,
  gateActivation,
  recurrentDialects,
  recurrentFields,
  recurrentWeights,
  withForgetBias,
} from './recurrentConfig';
import { joinSpatial, knownChannels, positions, slide, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

function convLstmSchema(rank: number) {
  const ones = Array.from({ length: rank }, () => 1);
  return configSchema(
    {
      filters: count(),
      kernel_size: sizes(rank),
      strides: sizes(rank).default(ones),
      padding: word('valid', 'same').default('valid'),
      data_format: dataFormat(),
      dilation_rate: sizes(rank).default(ones),
      ...recurrentFields,
      recurrent_activation: gateActivation(),
      unit_forget_bias: flag().default(true),
    },
    { ...recurrentDialects, prepare: withForgetBias, check: strideOrDilation },
  );
}

export type ConvLstmConfig = ConfigOf<ReturnType<typeof convLstmSchema>>;

/** An LSTM whose products are convolutions: that of the input as configured, that of the state with padding `same`. */
function convLstm(rank: number): LayerKind<ConvLstmConfig> {
  const frames = (config: ConvLstmConfig, input: Shape) => {
    const [batch, steps, ...frame] = input;
    if (input.length !== rank + 3) {
      throw new ShapeMismatch(showShape(input), t('a sequence of frames, {0} axes', rank + 3));
    }
    const shape = [batch, ...frame];
    return { steps, shape, ...splitSpatial(shape, rank, config.data_format) };
  };
  const frameShape = (config: ConvLstmConfig, input: Shape): Shape => {
    const { batch, shape, space } = frames(config, input);
    const output = slide(shape, space, {
      size: config.kernel_size,
      strides: config.strides,
      padding: config.padding,
      dilation: config.dilation_rate,
    });
    return joinSpatial({ batch, space: output, channels: config.filters }, config.data_format);
  };
  return {
    name: `ConvLSTM${rank}D`,
    family: 'recurrent',
    schema: convLstmSchema(rank),
    arity: [1, 3],
    weights(config, [input]) {
      const { shape, batch, space, channels } = frames(config, input);
      const known = knownChannels(shape, { batch, space, channels });
      const width = 4 * config.filters;
      const shapes = {
        kernel: [...config.kernel_size, known, width],
        recurrent: [...config.kernel_size, config.filters, width],
        bias: [width],
      };
      return recurrentWeights(config, shapes, forgetBias(config));
    },
    outputs(config, inputs) {
      const frame = frameShape(config, inputs[0]);
      requireStates(inputs, [frame, frame]);
      const [batch, ...rest] = frame;
      return [
        config.return_sequences ? [batch, inputs[0][1], ...rest] : frame,
        ...(config.return_state ? [frame, frame] : []),
      ];
    },
    flops(config, [input]) {
      const { steps, channels } = frames(config, input);
      const taps = positions(config.kernel_size) * ((channels ?? 1) + config.filters);
      return (
        (steps ?? 1) * 4 * sampleSize(frameShape(config, input)) * (2 * taps + (config.use_bias ? 1 : 0))
      );
    },
  };
}

export const convLstm1d = convLstm(1);
export const convLstm2d = convLstm(2);
export const convLstm3d = convLstm(3);
