/** Does what it is given one after the other, however it is asked and however each ends. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves, or rejects, as `work` does when its turn has come. */
  take<T>(work: () => PromiseLike<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
