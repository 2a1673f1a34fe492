/** A stretch of a sequence: `times` equal neighbours of `length` each, from `start` on. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly times: number;
}

/** Longer patterns are not looked for: a repeated block has fewer parts. Keeps the search linear. */
const LONGEST = 24;

/**
 * Cuts a sequence into stretches, from its beginning on: where neighbours are equal, the pattern that covers most, the
 * shortest of those; else single elements.
 *
 * @param signatures equal numbers for equal elements
 */
export function findRepeats(signatures: readonly number[]): readonly Stretch[] {
  const count = signatures.length;
  const longest = Math.min(LONGEST, count >> 1);
  /** By pattern length: from each place on, how many elements equal the one a pattern later. */
  const equal = Array.from({ length: longest + 1 }, (_, length) => {
    const run = new Uint32Array(count + 1);
    if (length === 0) return run;
    for (let place = count - length - 1; place >= 0; place--) {
      run[place] = signatures[place] === signatures[place + length] ? run[place + 1]! + 1 : 0;
    }
    return run;
  });
  const stretches: Stretch[] = [];
  for (let start = 0; start < count;) {
    let best: Stretch = { start, length: 1, times: 1 };
    for (let length = 1; length <= longest; length++) {
      const times = Math.floor(equal[length]![start]! / length) + 1;
      if (times > 1 && times * length > best.times * best.length) best = { start, length, times };
    }
    stretches.push(best);
    start += best.length * best.times;
  }
  return stretches;
}
