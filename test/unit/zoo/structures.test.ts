import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parameterCount } from '../../../src/core/graph/layerGraph';
import { zooEntry } from '../../../src/zoo/registry';
import { structureHash, zooCases, ZOO_GOLDEN, type ZooGolden } from '../../support/zooStructures';

const golden = JSON.parse(readFileSync(ZOO_GOLDEN, 'utf8')) as Readonly<Record<string, ZooGolden>>;

describe('the zoo beside Keras, as measured', () => {
  test.each(zooCases.map((one) => [one.label, one] as const))('%s', (label, { name, options }) => {
    const entry = zooEntry(name);
    const graph = entry.build(options);
    const parameters = graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
    expect({ parameters, structure: structureHash(graph) }).toEqual({
      parameters: golden[label]?.parameters,
      structure: golden[label]?.structure,
    });
  });

  test.each(zooCases.filter(({ options }) => options.pretrained))(
    'the weights of $label are where Keras asks for them',
    ({ label, name, options }) => {
      const { weights } = zooEntry(name);
      const ours = options.includeTop === false ? weights.noTop : weights.top;
      const { file, url, hash } = golden[label]!.asked;
      expect([ours?.file, ours?.url, ours?.hash?.digest]).toEqual([file, url, hash ?? undefined]);
    },
  );

  test('lists nothing that is not here', () => {
    expect(Object.keys(golden)).toEqual(zooCases.map(({ label }) => label));
  });
});
