import type { WeightStatistics } from '../../../src/core/weights/statistics';
import { shortNumber } from '../overlay/measures';
import { t } from '../../../src/l10n/translate';

const HEIGHT = 40;

/** How the numbers of a weight are distributed from the least to the largest, with a line where zero is. */
export function Histogram({
  name,
  statistics: { histogram, min, max },
}: {
  readonly name: string;
  readonly statistics: WeightStatistics;
}) {
  const most = Math.max(...histogram, 0);
  if (most === 0) return null;
  const bars = histogram.length;
  const path = histogram
    .map((times, bar) => {
      // A bar with anything in it is seen.
      const height = times === 0 ? 0 : Math.max(1, (times / most) * HEIGHT);
      return height === 0 ? '' : `M${bar + 0.06},${HEIGHT}v${-height.toFixed(2)}h0.88V${HEIGHT}z`;
    })
    .join('');
  const peak = min + ((histogram.indexOf(most) + 0.5) / bars) * (max - min);
  const zero = min < 0 && max > 0 ? (-min / (max - min)) * bars : undefined;
  const label = t(
    'Histogram of {0}: from {1} to {2}, most of the numbers near {3}',
    name,
    ...[min, max, peak].map(shortNumber),
  );
  return (
    <figure className="histogram" role="img" aria-label={label} title={label}>
      <svg viewBox={`0 0 ${bars} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
        {zero === undefined ? null : <line x1={zero} x2={zero} y1={0} y2={HEIGHT} />}
      </svg>
      <figcaption aria-hidden="true">
        <span>{shortNumber(min)}</span>
        {zero === undefined ? null : (
          <span className="histogram-zero" style={{ left: `${(zero / bars) * 100}%` }}>
            {zero / bars > 0.15 && zero / bars < 0.85 ? '0' : ''}
          </span>
        )}
        <span>{shortNumber(max)}</span>
      </figcaption>
    </figure>
  );
}
