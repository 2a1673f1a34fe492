/** Tells of something that changes fast: at once where a while has passed, else when it has, and then the newest alone. */
export class Pace<T> {
  private told = -Infinity;
  private waiting?: { readonly value: T };
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly everyMs: number,
    private readonly tell: (value: T) => void,
  ) {}

  now(value: T): void {
    this.end();
    this.told = performance.now();
    this.tell(value);
  }

  soon(value: T): void {
    const wait = this.told + this.everyMs - performance.now();
    if (wait <= 0) return this.now(value);
    this.waiting = { value };
    this.timer ??= setTimeout(() => this.waiting && this.now(this.waiting.value), wait);
  }

  /** What has not been told yet never is. */
  end(): void {
    clearTimeout(this.timer);
    delete this.timer;
    delete this.waiting;
  }
}
