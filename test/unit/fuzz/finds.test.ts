import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lineOf } from '../../../src/cli/fault';
import { printSummary } from '../../../src/core/summary/printSummary';
import { printWeights } from '../../../src/core/summary/printWeights';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import { openModel } from '../../../src/formats/registry';
import { OperatingTable } from '../../../src/host/openedModel';
import { modelBytes } from '../formats/onnx/build';
import { failureOf, fixture, temporaryFolder } from '../formats/fixtures';

/** What damaged files once did to us, each by the least that does it. */
describe('finds', () => {
  interface Config {
    config: { layers: { class_name: string; name: string; inbound_nodes: unknown[] }[] };
  }

  /** The folder of a saved Keras model with its architecture changed. */
  async function unpacked(change: (config: Config) => void): Promise<string> {
    const folder = path.join(await temporaryFolder(), 'model');
    await cp(fixture('kerasArchive/unpacked'), folder, { recursive: true });
    const file = path.join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as Config;
    change(config);
    await writeFile(file, JSON.stringify(config));
    return folder;
  }

  test('a layer with weights and without inputs is a fault of the graph', async () => {
    const folder = await unpacked(({ config }) => {
      const layer = config.layers.find(({ class_name }) => class_name === 'Conv2D');
      if (layer) layer.inbound_nodes = [{ args: [], kwargs: {} }];
    });
    const { view } = new OperatingTable(await openModel(folder)).operate(EMPTY_RECIPE);
    expect(view.faults.map(({ code }) => code)).toContain('ARITY');
  });

  test('names that would move a cursor are spelt, in findings and in tables', async () => {
    const model = await openModel(fixture('keras3/sequential.h5'));
    const report = [{ severity: 'warning', code: 'X', message: 'the layer \u001b[31m' }] as const;
    const { view } = new OperatingTable({ ...model, report }).operate(EMPTY_RECIPE);
    expect(view.faults[0]?.message).toBe('the layer \\u001b[31m');
    expect(lineOf(report[0])).toBe('warning X: the layer \\u001b[31m');
    const layers = model.graph.layers.map((layer) => ({ ...layer, name: `\u001b[31m${layer.name}` }));
    for (const print of [printSummary, printWeights]) {
      const table = print({ ...model.graph, name: 'a\u0007', layers });
      expect(table).toContain('a\\u0007');
      expect(table).toContain('\\u001b[31m');
      expect(table).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });

  test.each([-1, 2 ** 40])('an ONNX tensor of %d numbers, which its graph makes', async (size) => {
    const raw = new Uint8Array(BigInt64Array.of(BigInt(size)).buffer);
    const file = path.join(await temporaryFolder(), 'model.onnx');
    const nodes = [
      { op: 'ConstantOfShape', inputs: ['size'], outputs: ['made'] },
      { op: 'Reshape', inputs: ['x', 'made'], outputs: ['y'] },
    ];
    await writeFile(file, modelBytes({ nodes, tensors: [{ name: 'size', dims: [1], type: 7, raw }] }));
    const { graph } = await openModel(file);
    expect(graph.layers.find(({ kind }) => kind === 'ConstantOfShape')?.opaque).toBeDefined();
  });

  test('an index of shards that nests lists without end', async () => {
    const index = path.join(await temporaryFolder(), 'model.safetensors.index.json');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await writeFile(index, `{"weight_map": {"a": ${deep}}}`);
    const failure = await failureOf(openModel(index));
    expect(failure).toMatchObject({ kind: 'input', code: 'JSON_INVALID', path: index });
    expect(failure.message).toContain('nested more than 1000 deep');
  });
});
