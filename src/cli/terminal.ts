/** What a command sees of the world outside its arguments. */
export interface Terminal {
  /** Writes to standard output, as it is. */
  write(text: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
  /** The width in characters where standard output is a terminal, which can be redrawn. */
  readonly columns: number | undefined;
  /** `dist/trainer.js`. */
  readonly trainerEntry: string;
  /** Calls back once, at the first interruption (Ctrl+C, a closed terminal). Returns a function that stops listening. */
  onInterrupt(listener: () => void): () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function processTerminal(trainerEntry: string): Terminal {
  const { stdout, stderr } = process;
  // `model-surgery summary x.h5 | head` closes the pipe early: nobody wants to hear of it.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    write: (text) => void stdout.write(text),
    warn: (line) => void stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns : undefined,
    trainerEntry,
    onInterrupt: (listener) => {
      let interrupted = false;
      const interrupt = () => {
        if (!interrupted) listener();
        interrupted = true;
      };
      for (const signal of SIGNALS) process.on(signal, interrupt);
      return () => {
        for (const signal of SIGNALS) process.off(signal, interrupt);
      };
    },
  };
}

/** As shells report a program that was interrupted. */
export const INTERRUPTED = 130;

/** Ends the process at a signal that no command listens for, after `clear`. */
export function endOnSignal(clear: () => void): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      clear();
      process.exit(INTERRUPTED);
    });
  }
}
