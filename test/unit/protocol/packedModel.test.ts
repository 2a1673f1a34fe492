import { describe, expect, it } from 'vitest';
import type { ModelView } from '../../../src/protocol/editor';
import { modelMessage, packModel, unpackModel } from '../../../src/protocol/packedModel';
import { EditorHost } from '../../webview/support/editorHost';
import { inceptionNet, longNet, residualNet, variedNet } from '../../webview/support/models';

/** As VS Code carries a message to the page. */
const sent = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;
const viewOf = (graph: ReturnType<typeof longNet>) => new EditorHost(graph).model();

describe('a packed model', () => {
  it.each([
    ['of equal blocks', longNet(600)],
    ['of blocks that differ', variedNet(600)],
    ['of towers that meet', inceptionNet(3)],
    ['of residual blocks', residualNet()],
  ])('%s is unpacked as it was', (_, graph) => {
    const model = viewOf(graph);
    expect(unpackModel(sent(packModel(model)))).toEqual(sent(model));
  });

  it('keeps fields that few layers have, and inputs that no layer of the model is', () => {
    const model = viewOf(residualNet());
    const [first, second, ...others] = model.layers;
    const odd: ModelView = {
      ...model,
      layers: [
        { ...first!, opaque: 'nobody knows it' },
        { ...second!, inputs: ['id:gone', first!.id] },
        ...others,
      ],
    };
    const again = unpackModel(sent(packModel(odd)));
    expect(again).toEqual(sent(odd));
    expect('opaque' in again.layers[1]!).toBe(false);
  });

  it('says once what layers say alike', () => {
    const model = viewOf(longNet(2000));
    const packed = packModel(model);
    expect(packed.layers.length).toBeLessThan(JSON.stringify(model).length / 10);
    const { layers } = unpackModel(sent(packed));
    const configs = (kind: string) =>
      new Set(layers.filter((layer) => layer.kind === kind).map(({ config }) => config));
    expect(configs('Conv2D').size).toBe(1);
    expect(configs('Dropout').size).toBe(1);
  });

  it('is made of models with many layers alone', () => {
    expect(modelMessage(viewOf(longNet(100))).type).toBe('model');
    expect(modelMessage(viewOf(longNet(1000))).type).toBe('packedModel');
  });
});
