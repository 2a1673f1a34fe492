import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compareRuns } from '../../src/core/run/compare';
import { openOperated } from '../../src/formats/operatedModel';
import { readRun } from '../../src/runs/runReader';
import { experimentFile } from '../support/experiments';
import { idx } from '../support/imageFiles';
import { writeFiles } from '../support/images';
import { mnistDigits } from '../support/mnistDigits';
import { runPython } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { carryOut } from '../trainer/workspace';

const EXPERIMENT = '5-dense-reuse';
/** The four ways to keep what the first two layers know. */
const PLANS = ['freeze-by-name', 'train-by-name', 'stop-gradient', 'cached'];
const DIGITS = 500;

it('5: reuses the first layers of a TensorFlow checkpoint in four ways, which learn alike', async () => {
  const folder = await temporaryFolder();
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  const { labels, images } = mnistDigits(DIGITS);
  await writeFiles(at('mnist'), {
    'train-images-idx3-ubyte.gz': gzipSync(idx([DIGITS, 28, 28], Buffer.concat(images))),
    'train-labels-idx1-ubyte.gz': gzipSync(idx([DIGITS], labels)),
  });
  await runPython(experimentFile(EXPERIMENT, 'make_checkpoint.py'), [folder]);
  const files = (await readdir(experimentFile(EXPERIMENT))).filter((name) => name.endsWith('.json'));
  for (const name of files) await copyFile(experimentFile(EXPERIMENT, name), at(name));

  const checkpoint = at('my_model_final.ckpt.meta');
  const { graph, inference } = await openOperated(checkpoint, at('digits.surgery.json'));
  expect(inference.faults).toEqual([]);
  const units = graph.layers.flatMap(({ kind, config }) => (kind === 'Dense' ? [config.units] : []));
  expect(units).toEqual([300, 50, 50, 20, 10]);

  const runs = await Promise.all(
    PLANS.map(async (name) => {
      const { folder: run = '', failed } = await carryOut({
        ...{ type: 'train', plan: at(`${name}.plan.json`), engine: 'wasm' },
      });
      expect(failed).toBeUndefined();
      return readRun(run);
    }),
  );
  const losses = runs.map(({ events }) =>
    events.flatMap((event) =>
      event.type === 'epoch' ? [event.metrics.loss, event.metrics.val_loss].map(Number) : [],
    ),
  );
  const [first = [], ...others] = losses;
  expect(first).toHaveLength(20);
  expect(first.at(-2)).toBeLessThan(first[0] ?? 0);
  for (const other of others) {
    other.forEach((loss, index) => expect(loss).toBeCloseTo(first[index] ?? 0, 4));
  }
  const kept = runs.map(({ events }) => events.some((event) => event.type === 'features' && event.kept));
  expect(kept).toEqual([false, false, false, true]);
  const { outcomes } = compareRuns(runs);
  const told = (name: string) => outcomes.find((row) => row.name === name)?.values;
  expect(told('parameters')).toEqual(PLANS.map(() => 254_330));
  expect(told('parameters trained')).toEqual(PLANS.map(() => 3780));
});
