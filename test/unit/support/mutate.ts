/** Mulberry32: the same numbers below one for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file damaged in one to four places of its first bytes: changed, doubled, left out, or cut off there. */
export function mutate(bytes: Buffer, seed: number, within = bytes.length): Buffer {
  const random = randomOf(seed);
  let mutated = Buffer.from(bytes);
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    const at = Math.floor(random() * Math.min(within, mutated.length));
    const length = 1 + Math.floor(random() * 8);
    const kind = Math.floor(random() * 10);
    const [before, after] = [mutated.subarray(0, at), mutated.subarray(at)];
    if (kind < 6) mutated[at] = [0, 0xff, 0x7f, Math.floor(random() * 256)][Math.floor(random() * 4)]!;
    else if (kind < 8) mutated = Buffer.concat([before, after.subarray(0, length), after]);
    else if (kind < 9) mutated = Buffer.concat([before, after.subarray(length)]);
    else mutated = Buffer.from(before);
  }
  return mutated;
}
