import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { RunView } from '../../src/protocol/runPanel';
import { Icon } from '../ui/icon';
import { STATUS_WORD } from './announce';
import { formatAge } from './formatNumbers';
import { StatusIcon } from './statusIcon';
import { t } from '../../src/l10n/translate';

export interface RunPickerProps {
  readonly runs: readonly RunView[];
  readonly shownId: string | null;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly onShow: (id: string) => void;
}

/** The runs in a drop-down list, each with its status: what the toolkit's dropdown cannot draw. */
export function RunPicker({ runs, shownId, now, onShow }: RunPickerProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const shown = runs.find((run) => run.id === shownId);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      className="run-picker"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="run-picker-button"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-label={shown ? t('Run: {0}, {1}', shown.name, STATUS_WORD[shown.status]) : t('Choose a run')}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {shown && <StatusIcon status={shown.status} />}
        <span className="run-picker-name">{shown?.name ?? t('Choose a run')}</span>
        <Icon name="chevron-down" className="run-picker-chevron" />
      </button>
      {open && (
        <RunList
          runs={runs}
          shownId={shownId}
          now={now}
          onChoose={(id) => {
            if (id !== shownId) onShow(id);
            close();
          }}
          onCancel={close}
        />
      )}
    </div>
  );
}

interface RunListProps {
  readonly runs: readonly RunView[];
  readonly shownId: string | null;
  readonly now: number;
  readonly onChoose: (id: string) => void;
  readonly onCancel: () => void;
}

function RunList({ runs, shownId, now, onChoose, onCancel }: RunListProps) {
  const prefix = useId();
  const list = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      runs.findIndex((run) => run.id === shownId),
    ),
  );
  useEffect(() => {
    list.current?.focus();
  }, []);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(runs.length - 1, active + 1),
      ArrowUp: Math.max(0, active - 1),
      Home: 0,
      End: runs.length - 1,
    };
    const moved = moves[event.key];
    const chosen = runs[active];
    if (moved !== undefined) setActive(moved);
    else if (event.key === 'Escape') onCancel();
    else if ((event.key === 'Enter' || event.key === ' ') && chosen) onChoose(chosen.id);
    else return;
    event.preventDefault();
  };
  return (
    <ul
      ref={list}
      className="run-list"
      role="listbox"
      tabIndex={-1}
      aria-label={t('Runs, newest first')}
      aria-activedescendant={`${prefix}-${active}`}
      onKeyDown={onKeyDown}
    >
      {runs.map((run, index) => (
        <li
          key={run.id}
          id={`${prefix}-${index}`}
          role="option"
          className={index === active ? 'active' : undefined}
          aria-selected={run.id === shownId}
          onMouseMove={() => setActive(index)}
          onClick={() => onChoose(run.id)}
        >
          <StatusIcon status={run.status} />
          <span className="run-list-name">{run.name}</span>
          <span className="run-list-note">
            {STATUS_WORD[run.status]} · {formatAge(run.startedAt, now)}
          </span>
        </li>
      ))}
    </ul>
  );
}
