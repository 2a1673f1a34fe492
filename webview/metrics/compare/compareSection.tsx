import { Icon } from '../../ui/icon';
import type { SectionProps } from '../sections';

/** Runs beside each other. */
export function CompareSection({ runs }: SectionProps) {
  return (
    <div className="section-empty">
      <Icon name="git-compare" />
      <h1>Choose two or more runs</h1>
      <p>
        {runs.length < 2
          ? 'Comparing takes two runs: train once more with something changed.'
          : 'Their curves are drawn over each other, beside what differs between them and what came out.'}
      </p>
    </div>
  );
}
