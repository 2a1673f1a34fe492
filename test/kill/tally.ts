/** Counts what was killed and what became of it, and keeps every find. */
export class Tally {
  private readonly counts = new Map<string, number>();
  readonly finds: string[] = [];

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Something that no kill explains. */
  find(what: string): void {
    this.finds.push(what);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** A line a count, in the order of their names, then the finds. */
  toString(): string {
    const lines = [...this.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `  ${String(times).padStart(5)}  ${what}`);
    return [...lines, ...this.finds.map((find) => `  FIND   ${find}`)].join('\n');
  }
}
