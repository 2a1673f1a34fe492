import { Failure } from '../../core/failure';
import { readHead } from '../byteSource';
import type { ZipFile } from '../zip/zipFile';
import { t } from '../../l10n/translate';

const TO_DO = t('in PyTorch, save the state dict of the model that it was made of with torch.save');

/** ExecuTorch's and the mobile interpreter's files are FlatBuffers, whose mark comes after four bytes. */
const MARKS: readonly (readonly [mark: RegExp, what: string])[] = [
  [/^ET\d\d$/, t('an ExecuTorch program, compiled for a device')],
  [/^PTMF$/, t('a program of PyTorch Mobile in its FlatBuffer form')],
];
const MARK = { offset: 4, length: 4 };

/** What a file of PyTorch is that holds a program and no weights to be had; undefined for any other. */
export async function foreignProgram(path: string): Promise<string | undefined> {
  const head = await readHead(path, MARK.offset + MARK.length);
  const mark = Buffer.from(head.subarray(MARK.offset)).toString('latin1');
  return MARKS.find(([pattern]) => pattern.test(mark))?.[1];
}

/** As `torch.export.save` marks its archives: since 2.8 by what `archive_format` holds, before by its program. */
export function isExported({ entries }: Pick<ZipFile, 'entries'>): boolean {
  return entries.some(({ name }) =>
    /^([^/]+\/)?(archive_format|serialized_exported_program\.json)$/.test(name),
  );
}

/** @param what `an exported program` */
export function refuseProgram(path: string, what: string): never {
  throw new Failure(
    'input',
    'PYTORCH_PROGRAM',
    t('{0}: found {1}, expected a state dict or a module; {2}', path, what, TO_DO),
    { path },
  );
}

export const EXPORTED = t('a program of torch.export');
