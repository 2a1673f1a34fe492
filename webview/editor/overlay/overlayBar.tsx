import type { Mark } from './marks';
import { STEPS } from './marks';

/** A card's value as a bar along its bottom: from the left, or from the middle where it has a sign. */
export function OverlayBar({ mark }: { readonly mark: Mark | undefined }) {
  if (!mark) return null;
  const share = (Math.abs(mark.level) / STEPS) * 100;
  const style = mark.signed
    ? { width: `${share / 2}%`, left: mark.level < 0 ? `${50 - share / 2}%` : '50%' }
    : { width: `${share}%` };
  return (
    <span className="heat-track" data-signed={mark.signed || undefined}>
      <i style={style} />
    </span>
  );
}
