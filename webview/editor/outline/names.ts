/**
 * What people call the parts that deep models repeat, with the number they give them: `block1`, `block2a`, `mixed0`,
 * `layer1.0`, `expanded_conv_3`.
 */
const PART =
  /(?:[a-z]*block|mixed|fire|cell|unit|module|bottleneck|stack|layer|stage|inception|encoder|decoder|level|expanded_conv)[a-z]*[_.-]?\d+[a-z]?(?:\.\d+)?(?![a-z0-9])/gi;

/**
 * The part that a name says its layer belongs to: `conv3_block1` of `conv3_block1_2_bn`. Undefined where it says none.
 *
 * @param level 0 for the outermost part named, 1 for the one inside it
 */
export function partOf(name: string, level: number): string | undefined {
  // Of ten thousand names: without a copy of the expression, and an object a match.
  PART.lastIndex = 0;
  for (let rest = level; PART.test(name);) {
    if (rest-- === 0) return name.slice(0, PART.lastIndex);
  }
  return undefined;
}

/** What all names begin with, up to the end of a word; empty where that is too little to be a name. */
export function commonBeginning(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = first.length;
  for (const name of others) {
    let same = 0;
    while (same < length && name[same] === first[same]) same++;
    length = same;
  }
  const isBetween = (at: number) => at === first.length || /[_./-]/.test(first[at] ?? '');
  const endsEverywhere = names.every((name) => name.length === length || /[_./-]/.test(name[length] ?? ''));
  let end = endsEverywhere && isBetween(length) ? length : length - 1;
  if (end < length) while (end > 0 && !/[_./-]/.test(first[end] ?? '')) end--;
  const beginning = first.slice(0, end).replace(/[_./-]+$/, '');
  return beginning.length > 2 ? beginning : '';
}
