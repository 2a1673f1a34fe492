import { expect, it } from 'vitest';
import { writeNpy } from '../../src/data/npy';
import { exportModel } from '../../src/formats/exportModel';
import type { FromTrainer } from '../../src/protocol/trainer';
import { zooEntry } from '../../src/zoo/registry';
import { zooModel } from '../../src/zoo/zooModel';
import { plainPng, writeFiles } from '../support/images';
import { carryOut, openWorkspace } from './workspace';

const GREY = 51;

it('feeds images to a published architecture as its weights know them', async () => {
  const workspace = await openWorkspace();
  const options = { inputSize: [32, 32], classes: 3 } as const;
  const model = await zooModel(
    { entry: zooEntry('MobileNetV2'), options, random: true },
    { folder: workspace.at('zoo'), network: { environment: {} } },
    { signal: new AbortController().signal },
  );
  await exportModel(model, workspace.at('model.h5'), 'h5');
  await writeFiles(workspace.folder, { 'grey.png': await plainPng(32, 32, GREY) });
  // MobileNetV2 knows pixels from -1 to 1.
  await writeNpy(
    workspace.at('grey.npy'),
    [1, 32, 32, 3],
    new Float32Array(32 * 32 * 3).fill(GREY / 127.5 - 1),
  );
  const [image, array] = await Promise.all(
    ['grey.png', 'grey.npy'].map(async (name) => {
      const { messages } = await carryOut({
        ...{ type: 'predict', model: workspace.at('model.h5'), input: workspace.at(name) },
        ...{ top: 3, engine: 'wasm' },
      });
      const found = messages.find(
        (message): message is Extract<FromTrainer, { type: 'predictions' }> => message.type === 'predictions',
      );
      return found?.predictions[0]?.top;
    }),
  );
  expect(image).toHaveLength(3);
  expect(image).toEqual(array);
});
