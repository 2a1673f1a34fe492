import { totalmem } from 'node:os';

/** A gibibyte holds 7,000 images of 224×224×3; a quarter of a small machine's memory, where that is less. */
export const PIXEL_BUDGET = Math.min(2 ** 30, totalmem() / 4);

/** Decoded pixels by file, kept until the budget is spent; what is kept stays, because epochs come back to all alike. */
export class PixelCache {
  private readonly kept = new Map<string, Uint8Array>();
  private left: number;

  /** @param budget bytes */
  constructor(budget: number = PIXEL_BUDGET) {
    this.left = budget;
  }

  get(file: string): Uint8Array | undefined {
    return this.kept.get(file);
  }

  keep(file: string, pixels: Uint8Array): void {
    if (pixels.length > this.left || this.kept.has(file)) return;
    this.left -= pixels.length;
    this.kept.set(file, pixels);
  }

  hasRoomFor(bytes: number): boolean {
    return bytes <= this.left;
  }
}
