import { weightByChannel, weightOf, sizeOfConstant, type NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { placeOfAxis, resolveAxis, type Value } from '../value';

/** BatchNormalization by its stored statistics: X, scale, B, mean, variance. */
export function batchNormalization(call: NodeCall): Value {
  const input = call.value();
  call.mustBe('training_mode', call.number('training_mode', 0), 0);
  if (call.opset < 9) call.mustBe('spatial', call.number('spatial', 1), 1);
  const weights = [
    weightByChannel(call.required(1), 'gamma', input),
    weightByChannel(call.required(2), 'beta', input),
    weightByChannel(call.required(3), 'moving_mean', input, 'statistic'),
    weightByChannel(call.required(4), 'moving_variance', input, 'statistic'),
  ];
  const axis = input.order ? placeOfAxis(input, 1) : -1;
  const config = {
    axis: input.order && axis === input.order.length - 1 ? -1 : axis,
    momentum: call.number('momentum', 0.9),
    epsilon: call.number('epsilon', 1e-5),
  };
  const { flattened } = input;
  const made = call.graph.add({ kind: 'BatchNormalization', config, inputs: [input], weights });
  return { ...made, ...(flattened && { flattened }) };
}

/** LayerNormalization along ONNX's last axis. */
export function layerNormalization(call: NodeCall): Value {
  if (call.node.outputs.length > 1) throw new Unsupported('it gives out the mean and deviation too');
  const given = call.value();
  const input = given.flattened ? call.graph.plain(given) : given;
  const rank = input.order?.length;
  if (rank === undefined) throw new Unsupported('the number of axes of its input is not known');
  call.mustBe('axis', resolveAxis(call.number('axis', -1), rank), rank - 1);
  const scale = call.required(1);
  const bias = call.constant(2);
  const size = sizeOfConstant(scale);
  const weights = [weightOf(scale, 'gamma', { shape: [size] })];
  if (bias) weights.push(weightOf(bias, 'beta', { shape: [size] }));
  const config = {
    axis: placeOfAxis(input, -1),
    epsilon: call.number('epsilon', 1e-5),
    center: bias !== undefined,
  };
  return call.graph.add({ kind: 'LayerNormalization', config, inputs: [input], weights });
}
