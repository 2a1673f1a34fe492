import path from 'node:path';
import { exportModel } from '../../formats/exportModel';
import { refuseOverwrite } from '../../formats/replaceFile';
import type { ZooOptions } from '../../zoo/architecture';
import { showPreprocess } from '../../zoo/describe';
import type { ZooStore } from '../../zoo/download/weightFile';
import { zooFolder } from '../../zoo/download/zooFolder';
import { parseInputSize } from '../../zoo/inputSize';
import { zooEntry } from '../../zoo/registry';
import { checkWish, requireZooFormat, zooModel } from '../../zoo/zooModel';
import { usage, type Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { INTERRUPTED } from '../trainerRun';
import { askedFormat } from '../writeResult';
import { DownloadLine } from './downloadLine';

/** Makes a model of the zoo and writes it; what an interruption leaves of a download is gone on with the next time. */
export async function getCommand(args: Arguments, name: string, terminal: Terminal): Promise<number> {
  const out = args.text('out');
  if (out === undefined) throw usage('OPTION_MISSING', 'zoo get needs --out PATH');
  const entry = zooEntry(name);
  const { name: format } = askedFormat(args);
  requireZooFormat(format);
  const wish = { entry, options: optionsOf(args, entry.input.size), random: args.flag('random') };
  // Before a long download, all that would be met after it.
  checkWish(wish);
  const force = args.flag('force');
  await refuseOverwrite(out, force);

  const abort = new AbortController();
  const stopListening = terminal.onInterrupt(() => abort.abort());
  const store = storeHere();
  const { signal } = abort;
  const line = new DownloadLine(terminal, entry.name);
  try {
    const onProgress = (bytes: number, whole?: number) => line.show(bytes, whole);
    const model = await zooModel(wish, store, { signal, onProgress });
    line.clear();
    await exportModel(model, out, format, { force, signal });
  } catch (error) {
    line.clear();
    if (!signal.aborted) throw error;
    terminal.warn('interrupted: nothing is written');
    return INTERRUPTED;
  } finally {
    stopListening();
  }
  const preprocess = showPreprocess(entry.preprocess);
  terminal.write(
    args.flag('json')
      ? `${JSON.stringify({ format, path: path.resolve(out), preprocess: entry.preprocess })}\n`
      : `wrote ${out} (${format}); its images go through preprocess "${preprocess}"\n`,
  );
  return 0;
}

/** Where weights come from and are kept, by the environment. */
export function storeHere(): ZooStore {
  const { MODEL_SURGERY_ZOO_MIRROR: mirror } = process.env;
  return { folder: zooFolder(), ...(mirror && { mirror }), network: { environment: process.env } };
}

/** @throws Failure of kind `usage` for an option that is not what it takes */
function optionsOf(args: Arguments, ownSize: readonly [number, number]): ZooOptions {
  const includeTop = !args.flag('no-top');
  const pooling = args.text('pooling');
  if (pooling !== undefined && pooling !== 'avg' && pooling !== 'max') {
    throw usage('OPTION_VALUE', `--pooling: found "${pooling}", expected avg or max`);
  }
  return {
    includeTop,
    inputSize: sizeOf(args.text('size')) ?? ownSize,
    ...(pooling !== undefined && { pooling }),
    ...(args.text('classes') !== undefined && { classes: args.count('classes', 0) }),
  };
}

/** @throws Failure `OPTION_VALUE` */
export function sizeOf(text: string | undefined): ZooOptions['inputSize'] {
  if (text === undefined) return undefined;
  const size = parseInputSize(text);
  if (size) return size;
  throw usage('OPTION_VALUE', `--size: found "${text}", expected pixels as 160, 160x128, or any`);
}
