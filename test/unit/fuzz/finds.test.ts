import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { lineOf } from '../../../src/cli/fault';
import { printSummary } from '../../../src/core/summary/printSummary';
import { printWeights } from '../../../src/core/summary/printWeights';
import { EMPTY_RECIPE, type Recipe } from '../../../src/core/surgery/recipe';
import { replay } from '../../../src/core/surgery/replay';
import { checkImage, decodeImage, pngOf } from '../../../src/data/decodeImage';
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

  test('findings about endless shapes and rules are as long as what somebody reads', async () => {
    const { graph } = await openModel(fixture('keras3/sequential.h5'));
    const recipe: Recipe = {
      ...EMPTY_RECIPE,
      operations: [{ op: 'inputShape', shape: Array<number>(300).fill(16) }],
      freeze: [{ match: { kind: `\u001b[31m${'x'.repeat(3000)}` } }],
    };
    const { faults, notes } = replay(graph, recipe);
    expect(faults.map(({ code }) => code)).toEqual(['SHAPE_MISMATCH']);
    expect(faults[0]?.message).toMatch(/16, 16, …\), expected /);
    expect(notes.map(({ code }) => code)).toEqual(['FREEZE_MATCHES_NOTHING']);
    expect(notes[0]?.message).toHaveLength(1000);
    expect(notes[0]?.message).not.toContain('\u001b');
  });

  describe('an image whose header claims much', () => {
    test.each([
      [4_849_676, 10],
      [16_000, 16_000],
    ])('%d × %d pixels in some hundred bytes', async (width, height) => {
      const file = path.join(await temporaryFolder(), 'a.png');
      const whole = await sharp({
        create: { width: 12, height: 10, channels: 3, background: '#fff' },
      })
        .png()
        .toBuffer();
      const claiming = Buffer.from(whole);
      claiming.writeUInt32BE(width, 16);
      claiming.writeUInt32BE(height, 20);
      claiming.writeUInt32BE(crc32(claiming.subarray(12, 29)), 29);
      await writeFile(file, claiming);
      const size = { height: 8, width: 8, channels: 3 } as const;
      const readings = [() => checkImage(file), () => decodeImage(file, size), () => pngOf(file, 16)];
      for (const read of readings) {
        const failure = await failureOf(read());
        expect(failure).toMatchObject({ kind: 'input', code: 'IMAGE_DECODE', path: file });
        expect(failure.message).toContain(`it claims ${width} × ${height} pixels`);
      }
    });
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

  describe('an .h5 that claims much memory', () => {
    const claim = 2 ** 30;

    test.each([
      [
        'for a text',
        (bytes: Buffer) => {
          // A text of ten letters, in the heap: its length, the heap's place, which of the heap's texts it is.
          const reference = Buffer.alloc(12);
          reference.writeUInt32LE(10);
          reference.writeUInt32LE(bytes.indexOf('GCOL'), 4);
          const at = bytes.indexOf(reference);
          expect(at).toBeGreaterThan(0);
          bytes.writeUInt32LE(claim, at);
          return bytes;
        },
      ],
      [
        'for a driver',
        (bytes: Buffer) => {
          const block = Buffer.alloc(16);
          block.writeUInt32LE(claim, 4);
          bytes.writeBigUInt64LE(BigInt(bytes.length + block.length), 40);
          bytes.writeBigUInt64LE(BigInt(bytes.length), 48);
          return Buffer.concat([bytes, block]);
        },
      ],
    ])('%s is refused it, and the next one is read', async (_what, damage) => {
      const said = vi.spyOn(console, 'error');
      const file = path.join(await temporaryFolder(), 'model.h5');
      const whole = fixture('keras3/sequential.h5');
      await writeFile(file, damage(await readFile(whole)));
      const failure = await failureOf(openModel(file));
      expect(failure).toMatchObject({ kind: 'input', code: 'H5_CORRUPT', path: file });
      expect(failure.message).toContain('claims more than 134217728 bytes of memory');
      expect(said).not.toHaveBeenCalled();
      await expect(openModel(whole)).resolves.toMatchObject({ format: 'h5' });
    });
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
