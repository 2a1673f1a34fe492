import { Icon } from '../ui/icon';
import { formatCount } from './formatNumbers';
import type { RepeatedWarning } from './runState';
import { t, tn } from '../../src/l10n/translate';

export interface WarningsProps {
  readonly warnings: readonly RepeatedWarning[];
  readonly divergedAt: number | null;
}

/** What the page warns of itself, in a code as the trainer's warnings have. */
const DIVERGED = 'LOSS_DIVERGED';

/** What the trainer warned of, and what the curves themselves give cause to. */
export function Warnings({ warnings, divergedAt }: WarningsProps) {
  const count = warnings.length + (divergedAt === null ? 0 : 1);
  if (count === 0) return null;
  return (
    <details className="warnings">
      <summary>
        <Icon name="warning" />
        {tn(count, '1 warning', '{0} warnings')}
      </summary>
      <ul>
        {divergedAt !== null && (
          <li>
            <code>{DIVERGED}</code>{' '}
            {t(
              'The loss is no finite number from step {0} on. A lower learning rate may help.',
              formatCount(divergedAt),
            )}
          </li>
        )}
        {warnings.map(({ code, message, count: times }) => (
          <li key={`${code} ${message}`}>
            <code>{code}</code> {message}
            {times > 1 && <span className="times">×{formatCount(times)}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
