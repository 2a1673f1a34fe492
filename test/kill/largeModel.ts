import { initialValues } from '../../src/core/initializers/initialValues';
import { writeModel } from '../../src/formats/registry';
import { chain } from '../unit/support/graphs';

/** A model of some four million numbers in a few layers: written in moments, and in more than one. */
export async function writeLargeModel(file: string): Promise<void> {
  const dense = (name: string, units: number) => ({ kind: 'Dense', name, config: { units } });
  const graph = chain(
    [null, 1024],
    dense('a', 1024),
    dense('b', 1024),
    dense('c', 1024),
    dense('scores', 1024),
  );
  const uniform = { kind: 'RandomUniform', config: {} } as const;
  await writeModel(
    { graph, weights: async (layer, { shape }) => initialValues(uniform, shape, layer.charCodeAt(0)) },
    file,
    'h5',
  );
}
