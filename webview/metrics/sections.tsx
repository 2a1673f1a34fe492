import { useEffect } from 'react';
import type { KeyboardEvent } from 'react';
import type { HostToRunPanel, RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { later } from '../ui/later';
import type { ShownRun } from './panelState';
import type { XAxis } from './xAxis';
import { t } from '../../src/l10n/translate';
// A part that comes later cannot bring its styles: they come with the page.
import './compare/compare.css';
import './sections.css';

/** What the page is about: one run, several beside each other, or what a run's model makes of images. */
export type Section = 'curves' | 'compare' | 'judge';

export const SECTIONS: readonly Section[] = ['curves', 'compare', 'judge'];
const SECTION_WORD: Readonly<Record<Section, string>> = {
  curves: t('Curves'),
  compare: t('Compare'),
  judge: t('Judge'),
};

/** What a section that comes later is given. */
export interface SectionProps {
  /** Every known run, newest first. */
  readonly runs: readonly RunView[];
  /** The run that Curves shows. */
  readonly shown: ShownRun | null;
  /** This window's clock, in milliseconds since 1970 UTC. */
  readonly now: number;
  /** Of smoothing, from 0 to 1. */
  readonly smoothing: number;
  readonly axis: XAxis;
  readonly post: (message: RunPanelToHost) => void;
  /** Calls `listener` with every message of the host from now on; returns what ends that. */
  readonly listen: (listener: (message: HostToRunPanel) => void) => () => void;
}

const compare = later(async () => (await import('./compare/compareSection')).CompareSection);
const judge = later(async () => (await import('./judge/judgeSection')).JudgeSection);

export const CompareSection = compare.Part;
export const JudgeSection = judge.Part;

/** Fetches the sections that the first look at a run has no use for, once the page is idle. */
export function useSections(): void {
  useEffect(() => {
    const waiting = requestIdleCallback(() => {
      void compare.fetch();
      void judge.fetch();
    });
    return () => cancelIdleCallback(waiting);
  }, []);
}

/** The elements that hold a section and its tab, for them to name each other. */
export const SECTION_PANEL = 'section-panel';
export const tabOf = (section: Section): string => `section-tab-${section}`;

interface SectionSwitchProps {
  readonly section: Section;
  readonly onSection: (section: Section) => void;
}

/** Tabs: arrows go from one to the next, and show it at once. */
export function SectionSwitch({ section, onSection }: SectionSwitchProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = SECTIONS.indexOf(section);
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: SECTIONS.length - 1,
    };
    const next = SECTIONS[moves[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    onSection(next);
    document.getElementById(tabOf(next))?.focus();
  };
  return (
    <div className="section-switch" role="tablist" aria-label={t('What is shown')} onKeyDown={onKeyDown}>
      {SECTIONS.map((choice) => (
        <button
          key={choice}
          type="button"
          role="tab"
          id={tabOf(choice)}
          aria-selected={choice === section}
          aria-controls={SECTION_PANEL}
          tabIndex={choice === section ? 0 : -1}
          onClick={() => onSection(choice)}
        >
          {SECTION_WORD[choice]}
        </button>
      ))}
    </div>
  );
}
