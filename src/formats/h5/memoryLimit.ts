const PAGE_BYTES = 2 ** 16;

/** Whether the call that runs now was refused memory. */
let isRefused = false;

/**
 * Runs a call into WebAssembly, whose memory may grow by so many bytes meanwhile. Who asks for more is told that there is
 * none, as on a machine that is full. That memory never shrinks: what a damaged file claims would stay taken.
 * @param hear called whenever memory is asked for, with whether it was refused: a library asks for less then
 */
export function growingBy<T>(most: number, hear: (isRefused: boolean) => void, call: () => T): T {
  const memory = WebAssembly.Memory.prototype;
  const { grow } = memory;
  let grown = 0;
  memory.grow = function (this: WebAssembly.Memory, pages: number): number {
    const bytes = pages * PAGE_BYTES;
    if (grown + bytes > most) {
      isRefused = true;
      hear(true);
      throw new RangeError(`${grown + bytes} bytes more, expected at most ${most}`);
    }
    const before = grow.call(this, pages);
    grown += bytes;
    hear(false);
    return before;
  };
  try {
    return call();
  } finally {
    isRefused = false;
    memory.grow = grow;
  }
}

/** Loads what keeps `console.error` for later; what that says of memory which it was refused, `growingBy` has told. */
export async function loadQuietly<T>(load: () => Promise<T>): Promise<T> {
  const { error } = console;
  const quiet: typeof error = (...said) => {
    if (!isRefused) error.apply(console, said);
  };
  Object.assign(console, { error: quiet });
  try {
    return await load();
  } finally {
    Object.assign(console, { error });
  }
}
