import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parameterCount } from '../../src/core/graph/layerGraph';
import { pixelWriter } from '../../src/data/preprocess';
import { readKerasGraph } from '../../src/formats/keras/readGraph';
import type { ZooOptions } from '../../src/zoo/architecture';
import { zooEntry } from '../../src/zoo/registry';
import { repository, runPython } from '../support/python';
import {
  structureHash,
  withoutWeights,
  zooCases,
  ZOO_GOLDEN,
  type ZooCase,
  type ZooGolden,
} from '../support/zooStructures';

const FOLDER = path.join(repository, '.cache/parity/zoo');
const SCRIPT = path.join(repository, 'test/parity/zoo.py');

/** Asks Keras for every case and keeps what it says, for the unit tests; else for the first of each family. */
const writesGolden = process.env.MODEL_SURGERY_GOLDEN === 'write';

/** On a machine that does much else; alone a case takes less than a second. */
const DEADLINE = 1_800_000;

interface Structure {
  readonly parameters: number;
  readonly json: string;
  readonly asked: ZooGolden['asked'];
  /** What its module's `preprocess_input` makes of `PIXEL`. */
  readonly preprocessed: readonly number[];
}

/** As zoo.py has it. */
const PIXEL = Uint8Array.of(10, 120, 250);

/** Each way of building once, and each family. The whole of them is in the golden file. */
function isAsked({ name, label, options }: ZooCase, at: number): boolean {
  const { family } = zooEntry(name);
  const first = zooCases.find((one) => zooEntry(one.name).family === family);
  return writesGolden || at < 3 || (first?.name === name && label !== name && options.pretrained === true);
}

const cases = zooCases.filter(isAsked);

describe('what the zoo builds', () => {
  const structures = new Map<ZooCase, Structure>();

  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    const [table, out] = [path.join(FOLDER, 'table.json'), path.join(FOLDER, 'structures.jsonl')];
    const asked = cases.map(({ name, options }) => ({ name, options: kerasOptions(options) }));
    await writeFile(table, JSON.stringify(asked));
    await runPython(SCRIPT, ['structures', table, out]);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
    for (const [at, one] of cases.entries()) structures.set(one, JSON.parse(lines[at]!) as Structure);
    if (!writesGolden) return;
    const golden = [...structures].map(([{ label }, { parameters, json, asked: file }]) => {
      const structure = structureHash(readKerasGraph(JSON.parse(json)).graph);
      return [label, { parameters, structure, asked: file }] as const;
    });
    await writeFile(ZOO_GOLDEN, `${JSON.stringify(Object.fromEntries(golden), null, 2)}\n`);
  }, DEADLINE);

  test.each(cases.map((one) => [one.label, one] as const))('%s is what Keras builds', async (label, one) => {
    const { json, parameters, asked, preprocessed } = structures.get(one)!;
    const built = zooEntry(one.name).build(one.options);
    const read = readKerasGraph(JSON.parse(json));
    expect(read.report).toEqual([]);
    expect(built.layers.map((layer) => layer.name)).toEqual(read.graph.layers.map((layer) => layer.name));
    expect(withoutWeights(built)).toEqual(read.graph);
    const pixel = new Float32Array(3);
    pixelWriter(zooEntry(one.name).preprocess, 3)(PIXEL, pixel, 0);
    pixel.forEach((value, at) => expect(value).toBeCloseTo(preprocessed[at] ?? NaN, 4));
    expect(built.layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(parameters);
    const golden = JSON.parse(await readFile(ZOO_GOLDEN, 'utf8')) as Readonly<Record<string, ZooGolden>>;
    expect(golden[label]).toEqual({ parameters, structure: structureHash(read.graph), asked });
  });
});

/** As Keras spells them. */
function kerasOptions(options: ZooOptions): Readonly<Record<string, unknown>> {
  const { includeTop = true, pooling = null, inputSize, classes, classifierActivation, pretrained } = options;
  return {
    include_top: includeTop,
    weights: pretrained ? 'imagenet' : null,
    pooling,
    ...(inputSize && { input_shape: [...inputSize, 3] }),
    ...(classes !== undefined && { classes }),
    ...(classifierActivation !== undefined && { classifier_activation: classifierActivation }),
  };
}
