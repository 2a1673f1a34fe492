/** As WASI numbers them: what a system may refuse a write with. */
const CODES: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  22: 'EFBIG',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
};

/** What a system refused of the files that are being written, by their paths. */
const refusals = new Map<string, NodeJS.ErrnoException>();

interface Written {
  readonly opened?: string;
}

/**
 * Wraps a call that writes to a file. HDF5 prints what a system refuses and goes on, and so does its wrapper: a file whose
 * disk is full is closed as if it were whole. So the first refusal is kept for who asks at the end.
 */
export function keepingRefusal<S extends Written, A extends readonly unknown[], R>(
  write: (stream: S, ...rest: A) => R,
): (stream: S, ...rest: A) => R {
  return (stream, ...rest) => {
    try {
      return write(stream, ...rest);
    } catch (cause) {
      const { opened } = stream;
      if (opened !== undefined && !refusals.has(opened)) refusals.set(opened, systemError(cause));
      throw cause;
    }
  };
}

/** The first refusal of a path since it was asked for last. */
export function takeRefusal(path: string): NodeJS.ErrnoException | undefined {
  const refusal = refusals.get(path);
  refusals.delete(path);
  return refusal;
}

function systemError(cause: unknown): NodeJS.ErrnoException {
  const number: unknown = cause instanceof Error ? Reflect.get(cause, 'errno') : undefined;
  const code = (typeof number === 'number' && CODES[number]) || 'EIO';
  return Object.assign(new Error(`${code}: the file cannot be written`, { cause }), {
    code,
    syscall: 'write',
  });
}
