import { memo } from 'react';
import type { EpochEvent } from '../../src/core/run/events';
import { Icon } from '../ui/icon';
import { findBestEpoch } from './bestEpoch';
import { formatDuration, formatMetric, formatRate } from './formatNumbers';
import { columnTitle } from './metricNames';
import { finiteMetric } from './runState';
import { t } from '../../src/l10n/translate';

/** Every epoch in numbers, the latest first: the curves for those who read them. Hidden where there is no room. */
export const EpochTable = memo(function EpochTable({ epochs }: { readonly epochs: readonly EpochEvent[] }) {
  if (epochs.length === 0) return null;
  const names = [...new Set(epochs.flatMap(({ metrics }) => Object.keys(metrics)))].sort(besideItsValidation);
  const best = findBestEpoch(epochs);
  return (
    <section className="epochs" aria-label={t('Epochs')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('Epoch')}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {columnTitle(name)}
              </th>
            ))}
            <th scope="col">{t('Time')}</th>
            <th scope="col">{t('Samples/s')}</th>
          </tr>
        </thead>
        <tbody>
          {epochs.toReversed().map((row) => (
            <tr key={row.epoch} className={row.epoch === best?.epoch ? 'best' : undefined}>
              <th scope="row">
                {row.epoch}
                {row.epoch === best?.epoch && (
                  <span className="best-mark">
                    <Icon name="star-full" /> {t('best')}
                  </span>
                )}
              </th>
              {names.map((name) => (
                <td key={name}>{formatMetric(name, finiteMetric(row.metrics, name))}</td>
              ))}
              <td>{formatDuration(row.seconds)}</td>
              <td>{formatRate(row.samplesPerSecond)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
});

const ORDER = ['loss', 'accuracy', 'top5'];

/** Loss, its validation, accuracy, its validation, and what else there is. */
function besideItsValidation(a: string, b: string): number {
  const [plainA, plainB] = [a.replace(/^val_/, ''), b.replace(/^val_/, '')];
  if (plainA === plainB) return a.length - b.length;
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return rank(plainA) - rank(plainB) || plainA.localeCompare(plainB);
}
