import { useLayoutEffect, useRef } from 'react';
import { formatMetric } from '../formatNumbers';
import { colourOf } from './chosenRuns';
import type { OverlayRow } from './overlayReadout';
import { t } from '../../../src/l10n/translate';

export interface OverlayTipProps {
  /** In the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly metric: string;
  readonly heading: string;
  readonly rows: readonly OverlayRow[];
  readonly training: boolean;
  readonly validation: boolean;
}

const GAP = 14;

/** The runs' numbers beside the pointer, never beyond the window's edges. */
export function OverlayTip({ at, metric, heading, rows, training, validation }: OverlayTipProps) {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = tip.current;
    if (element === null) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const right = at.x + GAP + width <= innerWidth ? at.x + GAP : at.x - GAP - width;
    const left = Math.max(4, right);
    const top = Math.max(4, Math.min(innerHeight - height - 4, at.y + GAP));
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  return (
    <div ref={tip} className="overlay-tip" aria-hidden="true">
      <table>
        <thead>
          <tr>
            <th>{heading}</th>
            {training && <th>{t('Train')}</th>}
            {validation && <th>{t('Val')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th>
                <span className="run-swatch" style={{ background: colourOf(row.slot) }} />
                {row.name}
              </th>
              {training && <td>{formatMetric(metric, row.training)}</td>}
              {validation && <td>{formatMetric(metric, row.validation)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
