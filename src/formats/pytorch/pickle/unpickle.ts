import { Failure } from '../../../core/failure';
import { PickleEnd } from './cursor';
import { Machine, type PickleMeaning } from './machine';
import { OPCODES, STOP } from './opcodes';
import { PickleError } from './pickleError';
import type { PickleValue } from './values';
import { t } from '../../../l10n/translate';

/** Where a pickle is, for messages. */
export interface PicklePlace {
  readonly path: string;
  /** `data.pkl`, `its second pickle`. */
  readonly part: string;
}

/**
 * Interprets one pickle, of protocols 0 to 5, into values that cannot run.
 * @returns the value, and the byte after the pickle
 * @throws PickleEnd where the bytes end before the pickle does
 * @throws Failure `PICKLE_INVALID`, `PICKLE_LIMIT`, `PICKLE_FORBIDDEN`, `PICKLE_CLASS`
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  meaning: PickleMeaning,
  place: PicklePlace,
): { readonly value: PickleValue; readonly end: number } {
  const machine = new Machine(bytes, start, meaning);
  const { cursor } = machine;
  let at = start;
  try {
    for (;;) {
      at = cursor.position;
      const code = cursor.uint8();
      if (code === STOP) return { value: machine.pop(), end: cursor.position };
      const opcode = OPCODES[code];
      if (!opcode)
        throw new PickleError('PICKLE_INVALID', t('the byte 0x{0}', code.toString(16)), t('an opcode'));
      opcode(machine);
    }
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw cause;
    const { path, part } = place;
    throw new Failure(
      'input',
      cause.code,
      t('{0}: {1}, byte {2}: found {3}, expected {4}', path, part, at, cause.found, cause.expected),
      { path, cause },
    );
  }
}

/** @returns what `read` does; the end of its bytes is a `Failure` */
export function refusePickleEnd<T>({ path, part }: PicklePlace, size: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof PickleEnd)) throw cause;
    throw new Failure(
      'input',
      'PICKLE_TRUNCATED',
      t(
        '{0}: {1} ends at byte {2} inside a value, expected its end; copy or download the file again',
        path,
        part,
        size,
      ),
      { path, cause },
    );
  }
}
