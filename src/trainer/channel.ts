import type { Duplex } from 'node:stream';
import { LineSplitter } from '../runs/lineSplitter';

/** Predictions for a hundred thousand images fit; a peer that sends more without a newline is not one of ours. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * One JSON object a line, both ways, over a stream of its own. It closes once: when the peer goes away, when a line is
 * not JSON or too long, or when told to. Sending after that does nothing, because a run goes on without a listener.
 */
export class Channel<Incoming, Outgoing> {
  private readonly splitter: LineSplitter;
  private readonly listeners = new Set<(message: Incoming) => void>();
  /** What came before anybody listened. */
  private early: Incoming[] = [];
  private open = true;
  private resolveClosed: (reason: Error | undefined) => void = () => undefined;

  /** Resolves when nothing more will come, with what broke the channel, if anything did. */
  readonly closed = new Promise<Error | undefined>((resolve) => {
    this.resolveClosed = resolve;
  });

  constructor(
    private readonly stream: Duplex,
    longestLine = LONGEST_LINE,
  ) {
    this.splitter = new LineSplitter(longestLine);
    stream.on('data', (chunk: Uint8Array) => this.receive(chunk));
    stream.on('end', () => this.close());
    stream.on('close', () => this.close());
    // EPIPE, ECONNRESET: the peer is gone, which is no reason to end.
    stream.on('error', (error) => this.close(error));
  }

  send(message: Outgoing): void {
    if (this.open && this.stream.writable) this.stream.write(`${JSON.stringify(message)}\n`);
  }

  /** The first listener also gets what came before it. Returns a function that stops listening. */
  onMessage(listener: (message: Incoming) => void): () => void {
    this.listeners.add(listener);
    const early = this.early;
    this.early = [];
    for (const message of early) listener(message);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when the peer's system has all that was sent, or never will have it. */
  async flush(): Promise<void> {
    if (!this.open || !this.stream.writable) return;
    await new Promise<void>((resolve) => {
      void this.closed.then(() => resolve());
      this.stream.write('', () => resolve());
    });
  }

  close(reason?: Error): void {
    if (!this.open) return;
    this.open = false;
    this.stream.destroy();
    this.resolveClosed(reason);
  }

  private receive(chunk: Uint8Array): void {
    if (!this.open) return;
    try {
      for (const line of this.splitter.push(chunk)) this.deliver(JSON.parse(line) as Incoming);
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private deliver(message: Incoming): void {
    if (this.listeners.size === 0) this.early.push(message);
    else for (const listener of [...this.listeners]) listener(message);
  }
}
