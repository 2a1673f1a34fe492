import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKBONES } from '../../../../src/core/backbone/backbones';
import { backboneSignature, recogniseBackbone, type Backbone } from '../../../../src/core/backbone/recognise';
import { preprocessWarning } from '../../../../src/core/backbone/preprocessWarning';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { createReplayer } from '../../../../src/core/surgery/replay';
import type { Operation } from '../../../../src/core/surgery/recipe';
import { zooEntries, zooEntry } from '../../../../src/zoo/registry';
import { repository } from '../../../support/python';

/** What the zoo's architectures begin with, each beginning once, with the families that share it. */
function signatures(): ReadonlyMap<string, Backbone> {
  const found = new Map<string, Backbone>();
  for (const { family, preprocess, build } of zooEntries()) {
    const signature = backboneSignature(build({ includeTop: false }))!;
    const known = found.get(signature);
    // Architectures that begin alike are fed alike: else nothing could be said of either.
    if (known) expect(known.preprocess).toEqual(preprocess);
    if (!known) found.set(signature, { family, preprocess });
  }
  return found;
}

async function writeTable(table: ReadonlyMap<string, Backbone>): Promise<void> {
  const rows = [...table].map(
    ([signature, backbone]) => `  ['${signature}', ${JSON.stringify(backbone)}],\n`,
  );
  const text = `import type { Backbone } from './recognise';

/**
 * What the architectures of the zoo begin with, by \`backboneSignature\`: a table, since core builds none of them. It is
 * written anew by MODEL_SURGERY_GOLDEN=write and held to the zoo by test/unit/core/backbone.
 */
export const BACKBONES: ReadonlyMap<string, Backbone> = new Map<string, Backbone>([
${rows.join('')}]);
`;
  await writeFile(path.join(repository, 'src/core/backbone/backbones.ts'), text);
}

const after = (graph: LayerGraph, ...operations: Operation[]) =>
  createReplayer(graph)({ version: 2, operations, freeze: [] }).graph;

describe('a published architecture', () => {
  it('is known by its first layers, each of the zoo', async () => {
    const table = signatures();
    if (process.env.MODEL_SURGERY_GOLDEN === 'write') await writeTable(table);
    else expect([...BACKBONES], 'write it anew: MODEL_SURGERY_GOLDEN=write').toEqual([...table]);
  });

  it('is recognised with the top, at another size, and after surgery behind its beginning', () => {
    const resnet = zooEntry('ResNet50').build();
    const expected = { family: 'ResNet', preprocess: 'caffe' };
    expect(recogniseBackbone(resnet)).toEqual(expected);
    const operated = after(
      resnet,
      { op: 'inputShape', shape: [96, 96, 3] },
      { op: 'cut', after: 'conv3_block4_out' },
      {
        op: 'append',
        after: 'conv3_block4_out',
        layers: [{ kind: 'GlobalAveragePooling2D' }, { kind: 'Dense', config: { units: 2 } }],
      },
    );
    expect(recogniseBackbone(operated)).toEqual(expected);
  });

  it('is recognised under names that Keras makes up, whatever their numbers', () => {
    const inception = zooEntry('InceptionV3').build();
    const layers = inception.layers.map((layer) =>
      /^(conv2d|batch_normalization)/.test(layer.name)
        ? { ...layer, name: `${layer.name.replace(/_\d+$/, '')}_${layer.id.length + 500}` }
        : layer,
    );
    expect(recogniseBackbone({ ...inception, layers })?.preprocess).toBe('tf');
  });

  it('is none where pixels are changed before it, too little of it is left, or its layers are others', () => {
    const vgg = zooEntry('VGG16').build();
    const [input, first] = vgg.layers;
    const rescaled = after(vgg, {
      op: 'insert',
      between: [input!.name, first!.name],
      layers: [{ kind: 'Rescaling', config: { scale: 1 / 255 } }],
    });
    expect(recogniseBackbone(rescaled)).toBeUndefined();
    expect(recogniseBackbone(after(vgg, { op: 'cut', after: 'block2_pool' }))).toBeUndefined();
    expect(recogniseBackbone(after(vgg, { op: 'rename', layer: first!.name, to: 'mine' }))).toBeUndefined();
  });

  it('is recognised behind layers that augment', () => {
    const vgg = zooEntry('VGG16').build();
    const [input, first] = vgg.layers;
    const augmented = after(vgg, {
      op: 'insert',
      between: [input!.name, first!.name],
      layers: [{ kind: 'RandomFlip' }],
    });
    expect(recogniseBackbone(augmented)?.preprocess).toBe('caffe');
  });
});

describe('a plan', () => {
  const vgg = zooEntry('VGG16').build();
  const images = (preprocess: 'caffe' | 'unit') =>
    ({ data: { kind: 'images', train: 'a', validation: 0.2, preprocess } }) as const;

  it('that feeds other pixels than the published weights know gets a warning', () => {
    expect(preprocessWarning(vgg, images('caffe'))).toBeUndefined();
    expect(preprocessWarning(vgg, images('unit'))).toMatchObject({
      severity: 'warning',
      code: 'PREPROCESS_DIFFERS',
      message: expect.stringMatching(/^preprocess: found "unit", expected "caffe", with which .* VGG were/),
    });
    expect(preprocessWarning(vgg, { data: { kind: 'arrays', x: 'x.npy', validation: 0 } })).toBeUndefined();
  });

  it('for a model that nobody published gets none', () => {
    const own = after(vgg, { op: 'cut', after: 'block1_pool' });
    expect(preprocessWarning(own, images('unit'))).toBeUndefined();
  });
});
