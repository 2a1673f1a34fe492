import path from 'node:path';
import type { Shape } from '../../core/graph/layerGraph';
import { statFile } from '../../formats/byteSource';
import { showPreprocess } from '../../zoo/describe';
import { isAddress } from '../../zoo/hub/hubAddress';
import { fetchHubModule } from '../../zoo/hub/fetchHubModule';
import { hubModel, type HubModel } from '../../zoo/hub/hubModel';
import { moduleAt } from '../../zoo/hub/hubModule';
import { recipeBeside, refuseHubOverwrite, writeHubModel } from '../../zoo/hub/writeHubModel';
import { zooEntries } from '../../zoo/registry';
import { requireZooFormat } from '../../zoo/zooModel';
import { usage, type Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { INTERRUPTED } from '../trainerRun';
import { askedFormat } from '../writeResult';
import { DownloadLine } from './downloadLine';
import { sizeOf, storeHere } from './get';

/** Options of architectures that are built here: a module is as it was published. */
const OF_ENTRIES = ['no-top', 'pooling', 'classes', 'random'];

/** Whether what to get is a module's address or folder, not the name of an architecture. */
export async function isModule(given: string): Promise<boolean> {
  if (isAddress(given) || /[\\/]/.test(given)) return true;
  if (zooEntries().some(({ name }) => name.toLowerCase() === given.toLowerCase())) return false;
  return statFile(given).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a module of TensorFlow Hub as a model file, and the recipe that freezes it beside. What an interruption leaves of a
 * download is gone on with the next time.
 */
export async function getModule(args: Arguments, given: string, terminal: Terminal): Promise<number> {
  const out = args.required('out');
  const stray = OF_ENTRIES.find((name) => args.flag(name) || args.text(name) !== undefined);
  if (stray !== undefined) {
    throw usage(
      'OPTION_VALUE',
      `--${stray} goes with the name of an architecture, found the module ${given}`,
    );
  }
  const { name: format } = askedFormat(args);
  requireZooFormat(format);
  const inputSize = sizeOf(args.text('size'));
  const force = args.flag('force');
  await refuseHubOverwrite(out, format, force);

  const abort = new AbortController();
  const { signal } = abort;
  const stopListening = terminal.onInterrupt(() => abort.abort());
  const line = new DownloadLine(terminal, 'module');
  let made: HubModel;
  try {
    const onProgress = (bytes: number, whole?: number) => line.show(bytes, whole);
    const module = isAddress(given)
      ? await fetchHubModule(given, storeHere(), { signal, onProgress })
      : await moduleAt(given);
    line.clear();
    made = await hubModel(module, { ...(inputSize && { inputSize }), signal });
    await writeHubModel(made, out, format, { force, signal });
  } catch (error) {
    line.clear();
    if (!signal.aborted) throw error;
    terminal.warn('interrupted: nothing is written');
    return INTERRUPTED;
  } finally {
    stopListening();
  }
  terminal.write(
    args.flag('json') ? asJson(made, out, format, recipeBeside(out, format)) : asText(made, out, format),
  );
  return 0;
}

function asJson(
  { model, input, output, end, preprocess }: HubModel,
  out: string,
  format: string,
  recipe: string,
) {
  return `${JSON.stringify({
    ...{ format, path: path.resolve(out), recipe: path.resolve(recipe), group: model.graph.name },
    ...{ input, output, end, preprocess },
  })}\n`;
}

function asText({ model, input, output, end, preprocess }: HubModel, out: string, format: string): string {
  const shapes = `${show(input)} to ${show(output)}`;
  const pixels =
    preprocess === undefined ? '' : `; its images go through preprocess "${showPreprocess(preprocess)}"`;
  return `wrote ${out} (${format}): the module ${model.graph.name}, frozen, ${shapes} at "${end}"${pixels}\n`;
}

const show = (shape: Shape | undefined) => shape?.map((size) => size ?? 'any').join('x') ?? 'a shape unknown';
