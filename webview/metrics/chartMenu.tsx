import { useEffect, useState } from 'react';
import type { RunExportToHost } from '../../src/protocol/runExport';
import { MenuButton, PopupMenu } from '../ui/popupMenu';
import type { Place } from '../ui/useMenu';
import { chartItems, type ChartOnScreen } from './chartItems';
import { t } from '../../src/l10n/translate';
import './chartMenu.css';

export interface ChartMenuProps {
  readonly title: string;
  /** The chart as it is when something is chosen; null before it is drawn. */
  readonly chart: () => ChartOnScreen | null;
  readonly hasPoints: boolean;
  /** Where the pointer asked for the menu; null where nobody did. */
  readonly at: Place | null;
  readonly onClose: (then: 'focus' | 'leave') => void;
  /** Left out where the whole run is shown. */
  readonly onWhole?: (() => void) | undefined;
  readonly post: (message: RunExportToHost) => void;
}

/** What people do next: what was told has been read by then. */
const ACTS = ['pointerdown', 'keydown'] as const;

/** A button with what can be done with a chart, the same at the pointer, and what came of it. */
export function ChartMenu({ title, chart, hasPoints, at, onClose, onWhole, post }: ChartMenuProps) {
  const [told, setTold] = useState('');
  useEffect(() => {
    if (told === '') return;
    const forget = () => setTold('');
    ACTS.forEach((act) => window.addEventListener(act, forget));
    return () => ACTS.forEach((act) => window.removeEventListener(act, forget));
  }, [told]);
  const groups = chartItems(chart, { post, onTell: setTold, onWhole }, hasPoints);
  return (
    <>
      {told !== '' && (
        <span className="chart-told" role="status" title={told}>
          {told}
        </span>
      )}
      <MenuButton icon="ellipsis" label={t('{0}: more', title)} groups={groups} />
      {at && <PopupMenu label={t('{0} chart', title)} at={at} groups={groups} onClose={onClose} />}
    </>
  );
}
