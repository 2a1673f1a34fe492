import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { summarize } from '../../../../src/core/summary/summarize';
import { GraphBuilder } from '../../support/graphs';

const config = (kind: string, written: object = {}) => normalizeConfig(kindNamed(kind)!, written);

describe('summarize', () => {
  const build = new GraphBuilder('twins');
  const a = build.input([null, null, 3], 'a');
  const dense = build.add(
    {
      kind: 'Dense',
      name: 'dense',
      config: config('Dense', { units: 2 }),
      weights: { kernel: [3, 2], bias: [2] },
      trainable: false,
      group: ['tower'],
    },
    a,
  );
  const again = build.call(dense, a);
  const sum = build.add({ kind: 'Add', name: 'sum', config: config('Add') }, dense, again);
  const normal = build.add(
    {
      kind: 'BatchNormalization',
      name: 'normal',
      config: config('BatchNormalization'),
      weights: { gamma: [2], beta: [2], moving_mean: [2], moving_variance: [2] },
    },
    sum,
  );
  const odd = build.add({ kind: 'Lambda', name: 'odd', opaque: 'unknown' }, normal);
  const graph = build.outputs(normal, odd);

  it('says what the command line prints as JSON', () => {
    expect(summarize(graph)).toEqual({
      name: 'twins',
      layers: [
        row('a', 'InputLayer', [null, null, 3], []),
        { ...row('dense', 'Dense', [null, null, 2], ['a', 'a'], 8, 0), trainable: false, group: ['tower'] },
        row('sum', 'Add', [null, null, 2], ['dense', 'dense']),
        row('normal', 'BatchNormalization', [null, null, 2], ['sum'], 8, 4),
        row('odd', 'Lambda', null, ['normal']),
      ],
      totalParams: 16,
      trainableParams: 4,
      nonTrainableParams: 12,
      inputs: [{ name: 'a', shape: [null, null, 3] }],
      outputs: [
        { name: 'normal', shape: [null, null, 2] },
        { name: 'odd', shape: null },
      ],
    });
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(summarize(graph)))).toEqual(summarize(graph));
  });
});

function row(
  name: string,
  kind: string,
  outputShape: readonly (number | null)[] | null,
  inbound: readonly string[],
  params = 0,
  trainableParams = 0,
) {
  return { name, kind, outputShape, params, trainableParams, trainable: true, inbound, group: [] };
}
