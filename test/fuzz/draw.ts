import type { Random } from '../../src/data/random';

/** A whole number from 0 to `below` - 1. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** One of them; the list is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)]!;
}

export function chance(random: Random, share: number): boolean {
  return random() < share;
}
