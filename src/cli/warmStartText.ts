import type { WarmStart } from '../core/surgery/replay';
import { showShape } from '../core/layers/kind';
import { whyUnmatched } from '../core/surgery/whyUnmatched';

/** So many weights are listed of each sort: a screenful. `--json` has them all. */
const LISTED = 20;

/** What a warm start took over, what it did not and why, for people. */
export function renderWarmStart({ from, matched, unmatched, unused }: WarmStart): string {
  const all = matched.length + unmatched.length;
  const left = unmatched.map(
    (weight) => `  left as it was: ${weight.layer}/${weight.weight}: ${whyUnmatched(weight, showShape)}`,
  );
  const others = unused.map((name) => `  not taken: ${name}`);
  const lines = [
    `warm start from ${from}: matched ${matched.length} of ${all} weights`,
    ...listed(left),
    ...listed(others),
  ];
  return `${lines.join('\n')}\n`;
}

function listed(lines: readonly string[]): readonly string[] {
  const more = lines.length - LISTED;
  return more > 0 ? [...lines.slice(0, LISTED), `  and ${more} more; --json lists them`] : lines;
}
