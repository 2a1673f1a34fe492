import { MOST_PICTURES, type SamplePicture, type WantedPicture } from '../../../src/protocol/judging';

/** Pictures that are kept: some eight screens of small ones, a few megabytes. */
const MOST_KEPT = 800;

/** Pictures by what they are of. What is on screen is asked for until it comes; of what came the oldest are forgotten first. */
export class PictureStore {
  private readonly kept = new Map<string, SamplePicture>();
  private readonly wanted = new Map<string, WantedPicture>();
  private readonly listeners = new Set<() => void>();
  private isAsking = false;

  constructor(private readonly ask: (wanted: readonly WantedPicture[]) => void) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get(picture: WantedPicture): SamplePicture | undefined {
    return this.kept.get(keyOf(picture));
  }

  /** It is on screen, until what is returned is called. */
  want(picture: WantedPicture): () => void {
    const key = keyOf(picture);
    if (!this.kept.has(key)) {
      this.wanted.set(key, picture);
      this.askSoon();
    }
    return () => {
      this.wanted.delete(key);
    };
  }

  receive(pictures: readonly SamplePicture[]): void {
    for (const picture of pictures) {
      const key = keyOf(picture);
      this.wanted.delete(key);
      this.kept.set(key, picture);
    }
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(key);
    }
    for (const listener of this.listeners) listener();
    if (this.wanted.size > 0 && pictures.length > 0) this.askSoon();
  }

  /** What comes on screen together is asked for together. */
  private askSoon(): void {
    if (this.isAsking) return;
    this.isAsking = true;
    requestAnimationFrame(() => {
      this.isAsking = false;
      if (this.wanted.size > 0) this.ask([...this.wanted.values()].slice(0, MOST_PICTURES));
    });
  }
}

const keyOf = ({ of, side }: WantedPicture) => `${side} ${typeof of} ${of}`;
