import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import type { WeightRef } from '../core/graph/layerGraph';
import type { FormatName } from '../formats/format';
import { openOperated, refuseFaults } from '../formats/operatedModel';
import { formatForPath, formatNamed, writeModel } from '../formats/registry';
import { openWeights } from '../formats/weights';
import type { Command } from './command';
import { lineOf } from './fault';

export const apply: Command = {
  name: 'apply',
  operand: 'MODEL',
  does: 'perform the surgery of a recipe on a model and write the new model',
  options: {
    recipe: { value: 'R', does: 'the recipe (*.surgery.json)', required: true },
    out: { value: 'PATH', does: 'where the new model goes', required: true },
    to: { value: 'FORMAT', does: 'its format: tfjs, h5; by the name of PATH where left out' },
    force: { does: 'write over what is at PATH' },
  },
  async run(args, terminal) {
    const out = args.required('out');
    const to = args.text('to');
    const format = to === undefined ? formatForPath(out) : formatNamed(to);
    await refuseBase(args.operand, out);
    await refuseForeignFolder(out, format.name);
    const operated = await openOperated(args.operand, args.text('recipe'));
    refuseFaults(operated);
    const weights = openWeights();
    try {
      const { graph, labels } = operated;
      const written = {
        graph,
        weights: (_: string, weight: WeightRef) => weights.read(weight),
        ...(labels && { labels }),
      };
      await writeModel(written, out, format.name, { force: args.flag('force') });
    } finally {
      await weights.close();
    }
    for (const fault of operated.report) terminal.warn(lineOf(fault));
    terminal.write(
      args.flag('json')
        ? `${JSON.stringify({ format: format.name, path: path.resolve(out) })}\n`
        : `wrote ${out} (${format.name})\n`,
    );
    return 0;
  },
};

/** The model that was given is never written over, forced or not; neither is the folder that it lies in. */
async function refuseBase(model: string, out: string): Promise<void> {
  const real = (file: string) => realpath(file).catch(() => path.resolve(file));
  const inside = path.relative(await real(out), await real(model));
  if (inside.startsWith('..') || path.isAbsolute(inside)) return;
  throw new Failure(
    'usage',
    'OUTPUT_IS_INPUT',
    `${out}: the new model would be written over its base ${model}; choose another path`,
    { path: out },
  );
}

/**
 * A TF.js model is a folder, which `--force` replaces as a whole: only one that holds a TF.js model and nothing else
 * may go that way.
 */
async function refuseForeignFolder(out: string, format: FormatName): Promise<void> {
  if (format === 'tfjs' && path.extname(out).toLowerCase() === '.json') {
    throw new Failure(
      'usage',
      'OUTPUT_NAME',
      `${out}: a tfjs model is written as a folder, found the name of a file; choose a name without .json`,
      { path: out },
    );
  }
  const entries = await readdir(out).catch(() => []);
  const foreign = entries.find((name) => format !== 'tfjs' || !/^(model\.json|.*\.bin)$/.test(name));
  if (foreign === undefined) return;
  throw new Failure(
    'usage',
    'OUTPUT_IS_FOLDER',
    `${out}: found a folder that holds "${foreign}", which is no part of a ${format} model; choose another path`,
    { path: out },
  );
}
