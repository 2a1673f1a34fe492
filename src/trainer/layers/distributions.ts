import type { RandomStream } from './random';

/** What is drawn beside plain uniform and normal numbers. */

/** Uniform between two numbers. */
export const between = ([low, high]: readonly [number, number], random: RandomStream): number =>
  low + (high - low) * random.uniform();

/** A whole number from `low` up to, without, `high`. */
export const wholeBetween = (low: number, high: number, random: RandomStream): number =>
  low + Math.floor((high - low) * random.uniform());

/** So many of what is drawn. */
export const drawEach = <T>(count: number, draw: () => T): readonly T[] =>
  Array.from({ length: count }, draw);

/** 0 to `count` - 1 in random order (Fisher and Yates). */
export function shuffled(count: number, random: RandomStream): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = wholeBetween(0, last + 1, random);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Beta(alpha, beta). */
export function betaOf(alpha: number, beta: number, random: RandomStream): number {
  const [first] = shares([alpha, beta], random);
  return first;
}

/** A point of the Dirichlet distribution: positive numbers with the sum one. */
export const dirichlet = (count: number, alpha: number, random: RandomStream): readonly number[] =>
  shares(
    Array.from({ length: count }, () => alpha),
    random,
  );

/** Gamma variables as shares of their sum; in logarithms, since with a small alpha they are smaller than numbers go. */
function shares(alphas: readonly number[], random: RandomStream): readonly number[] {
  const logs = alphas.map((alpha) => logGamma(alpha, random));
  const largest = Math.max(...logs);
  const scaled = logs.map((log) => Math.exp(log - largest));
  const sum = scaled.reduce((a, b) => a + b, 0);
  return scaled.map((value) => value / sum);
}

/** Keras's own alphas begin at this; below it logarithms run out too. */
const LEAST_ALPHA = 1e-6;

/** The logarithm of a Gamma(alpha, 1) variable: Marsaglia and Tsang (2000), with their step up for alpha below one. */
function logGamma(alpha: number, random: RandomStream): number {
  if (alpha < 1) {
    const held = Math.max(alpha, LEAST_ALPHA);
    return logGamma(held + 1, random) + Math.log(1 - random.uniform()) / held;
  }
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const log = Math.log(v);
    if (Math.log(1 - random.uniform()) < (x * x) / 2 + d - d * v + d * log) return Math.log(d) + log;
  }
}
