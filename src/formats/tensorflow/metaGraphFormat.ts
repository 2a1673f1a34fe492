import path from 'node:path';
import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { WireSource } from '../protobuf/wireSource';
import { isFile } from '../byteSource';
import type { Format, ModelFile } from '../format';
import { INDEX_SUFFIX, readBundle } from './bundle';
import { drawSignature } from './drawSignature';
import { endsOf } from './ends';
import { readMetaGraph } from './metaGraph';

const SUFFIX = '.meta';

/** Graphs of TensorFlow 1, as its `Saver` writes them beside a checkpoint. */
export const metaGraphFormat: Format = {
  name: 'metagraph',
  title: t('TensorFlow 1 graph'),
  extensions: [SUFFIX],
  async detect(given) {
    return path.extname(given).toLowerCase() === SUFFIX && (await isFile(given));
  },
  read: readMetaGraphFile,
};

/**
 * The graph that a `.meta` holds, with the variables of the checkpoint beside it where there is one.
 * @throws Failure of kind `input`
 */
async function readMetaGraphFile(file: string): Promise<ModelFile> {
  const source = await WireSource.open(file);
  try {
    const meta = await readMetaGraph(source, source.whole);
    const index = `${file.slice(0, -SUFFIX.length)}${INDEX_SUFFIX}`;
    const bundle = (await isFile(index)) ? await readBundle(index) : undefined;
    const signature = meta.signatures.get('serving_default') ?? [...meta.signatures.values()][0];
    const drawn = drawSignature(
      path.basename(file, SUFFIX),
      meta.graph,
      signature ?? endsOf(meta.graph, file),
      bundle,
    );
    const report: Fault[] = [...drawn.report];
    if (!signature) {
      report.push({
        severity: 'warning',
        code: 'GRAPH_OUTPUTS_GUESSED',
        message: t(
          'the file does not say what the graph gives: what no operation reads is shown as its outputs',
        ),
      });
    }
    if (!bundle) {
      report.push({
        severity: 'warning',
        code: 'WEIGHTS_ABSENT',
        message: t('variables have no numbers: there is no checkpoint beside it, expected at {0}', index),
      });
    }
    return { format: 'metagraph', path: file, graph: drawn.graph, report };
  } finally {
    await source.close();
  }
}
