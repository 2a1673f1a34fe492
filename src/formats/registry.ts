import path from 'node:path';
import { Failure, toldInLines } from '../core/failure';
import { statFile } from './byteSource';
import { describeContent } from './describeContent';
import type { Format, FormatName, ModelFile, ModelToWrite } from './format';
import { h5Format } from './h5/format';
import { kerasFormat } from './kerasArchive/format';
import { onnxFormat } from './onnx/format';
import { refuseOverwrite } from './replaceFile';
import { checkpointFormat, indexOfPrefix, isDataFile } from './tensorflow/checkpointFormat';
import { pythonFormat } from './python/format';
import { pytorchFormat } from './pytorch/format';
import { frozenGraphFormat } from './tensorflow/frozenGraphFormat';
import { graphModelFormat } from './tensorflow/graphModelFormat';
import { metaGraphFormat } from './tensorflow/metaGraphFormat';
import { savedModelFormat } from './tensorflow/savedModelFormat';
import { safetensorsFormat } from './safetensors/format';
import { stoppable, throwIfStopped } from './stoppable';
import { tfjsFormat } from './tfjs/format';
import { t } from '../l10n/translate';

/** Every format, in the order of tries where the extension says nothing. */
export const FORMATS: readonly Format[] = [
  h5Format,
  kerasFormat,
  graphModelFormat,
  tfjsFormat,
  checkpointFormat,
  frozenGraphFormat,
  savedModelFormat,
  metaGraphFormat,
  pythonFormat,
  pytorchFormat,
  onnxFormat,
  safetensorsFormat,
];

/** @throws Failure `FORMAT_UNKNOWN` */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format) return format;
  const known = FORMATS.map((candidate) => candidate.name).join(', ');
  throw new Failure(
    'usage',
    'FORMAT_UNKNOWN',
    t('no format is named "{0}"; expected one of {1}', name, known),
  );
}

/** The formats that models can be written in. */
export function writableFormats(): readonly Format[] {
  return FORMATS.filter((format) => format.write !== undefined);
}

/** The format that a path to be written asks for: by its extension, and a folder is TensorFlow.js. */
export function formatForPath(target: string): Format {
  const extension = path.extname(target).toLowerCase();
  const has = (candidate: Format) => candidate.extensions.includes(extension);
  // Formats share extensions; what is only read is found to be refused by its name.
  const format = writableFormats().find(has) ?? FORMATS.find(has);
  if (format) return format;
  if (extension === '') return tfjsFormat;
  const known = writableFormats()
    .flatMap((candidate) => candidate.extensions)
    .join(', ');
  throw new Failure(
    'usage',
    'FORMAT_UNKNOWN',
    t('{0}: no format has the extension "{1}"; expected one of {2}, or a folder', target, extension, known),
    { path: target },
  );
}

/**
 * Opens a model file for reading; what its content is decides how. Weights stay where they are: see `openWeights`.
 * @param signal of who may think better of it: nothing more is read once it is aborted
 * @throws Failure of kind `input`: `FILE_MISSING`, `NOT_A_MODEL`, and what the format's reader finds; the signal's reason
 */
export function openModel(named: string, signal?: AbortSignal): Promise<ModelFile> {
  return stoppable(signal, () => findAndRead(named));
}

async function findAndRead(named: string): Promise<ModelFile> {
  const given = await fileNamed(named);
  const extension = path.extname(given).toLowerCase();
  const likelyFirst = [...FORMATS].sort(
    (a, b) => Number(b.extensions.includes(extension)) - Number(a.extensions.includes(extension)),
  );
  for (const format of likelyFirst) {
    throwIfStopped();
    if (!(await format.detect(given))) continue;
    const file = await withArchitecture(await withPath(given, () => format.read(given)));
    return { ...file, report: file.report.map(toldInLines) };
  }
  const readable = FORMATS.filter((format) => format !== pythonFormat).map((format) => format.title);
  const expected = t('one of {0}', readable.join(', '));
  throw new Failure(
    'input',
    'NOT_A_MODEL',
    t('{0}: found {1}, expected {2}', given, await describeContent(given), expected),
    { path: given },
  );
}

/** What knows published architectures by their weights is loaded where a file has nothing but weights. */
async function withArchitecture(file: ModelFile): Promise<ModelFile> {
  if (!file.weightsOnly || (file.format !== 'pytorch' && file.format !== 'safetensors')) return file;
  const zoo = await import('../zoo/recognize');
  return zoo.withArchitecture(file);
}

/**
 * Writes a model beside `target`, then gives it that name.
 * @throws Failure `FILE_EXISTS` where something is there and `force` was not said
 */
export async function writeModel(
  model: ModelToWrite,
  target: string,
  format: FormatName,
  { force = false }: { readonly force?: boolean } = {},
): Promise<void> {
  const { write } = formatNamed(format);
  if (!write) {
    throw new Failure(
      'usage',
      'FORMAT_READ_ONLY',
      t(
        'models cannot be written as {0}, only as {1}',
        format,
        writableFormats()
          .map(({ name }) => name)
          .join(', '),
      ),
    );
  }
  await refuseOverwrite(target, force);
  await write(model, target);
}

/**
 * The file or folder that a path means: TensorFlow names a checkpoint by what the names of its files begin with.
 * @throws Failure `FILE_MISSING`
 */
async function fileNamed(given: string): Promise<string> {
  const index = indexOfPrefix(given);
  const hasIndex = () =>
    statFile(index).then(
      (stats) => stats.isFile(),
      () => false,
    );
  try {
    await statFile(given);
  } catch (cause) {
    if (await hasIndex()) return index;
    throw cause;
  }
  return isDataFile(given) && (await hasIndex()) ? index : given;
}

/** Every failure of reading names the file. */
async function withPath(given: string, read: () => Promise<ModelFile>): Promise<ModelFile> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.path !== undefined) throw cause;
    const message = cause.message.startsWith(given) ? cause.message : `${given}: ${cause.message}`;
    throw new Failure(cause.kind, cause.code, message, {
      path: given,
      ...(cause.layer === undefined ? {} : { layer: cause.layer }),
      cause,
    });
  }
}
