import { sizeOf } from '../../../src/core/graph/layerGraph';
import { writeModel } from '../../../src/formats/registry';
import { randomFrom } from '../../support/randomNumbers';
import { residualNet } from '../../webview/support/models';

/** Writes a small ResNet, its weights filled with numbers, all but its head in a group. */
export async function writeResidualModel(
  file: string,
  stages: readonly number[],
  classes: number,
): Promise<void> {
  const { layers, ...rest } = residualNet(stages, classes);
  const grouped = layers.map((layer) =>
    layer.name.startsWith('conv') ? { ...layer, group: ['backbone'] } : layer,
  );
  const random = randomFrom(stages.length);
  await writeModel(
    {
      graph: { ...rest, layers: grouped },
      weights: (_, { shape }) =>
        Promise.resolve(Float32Array.from({ length: sizeOf(shape) }, () => random(1000) / 5000 + 0.01)),
    },
    file,
    'h5',
  );
}
