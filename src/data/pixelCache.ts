import { totalmem } from 'node:os';
import type { Pixels } from './pixels';

/** A gibibyte holds 7,000 images of 224×224×3; a quarter of a small machine's memory, where that is less. */
export const PIXEL_BUDGET = Math.min(2 ** 30, totalmem() / 4);

/** Decoded pixels by file, kept until the budget is spent; what is kept stays, because epochs come back to all alike. */
export class PixelCache {
  private readonly kept = new Map<string, Pixels>();
  private left: number;

  /** @param budget bytes */
  constructor(budget: number = PIXEL_BUDGET) {
    this.left = budget;
  }

  get(file: string): Pixels | undefined {
    return this.kept.get(file);
  }

  keep(file: string, pixels: Pixels): void {
    if (pixels.data.length > this.left || this.kept.has(file)) return;
    this.left -= pixels.data.length;
    this.kept.set(file, pixels);
  }

  hasRoomFor(bytes: number): boolean {
    return bytes <= this.left;
  }
}
