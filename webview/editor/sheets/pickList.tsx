import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { TextField } from '../../ui/textField';
import { count } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** Something to choose from a list. */
export interface Pick {
  readonly id: string;
  readonly label: string;
  readonly aside?: string;
  readonly family?: string;
  /** Under which heading it stands; neighbours of the same one stand together. */
  readonly group?: string;
  /** It belongs to what is chosen, without being it. */
  readonly inside?: boolean;
}

/** A list longer than this is searched, not read. */
const SHOWN = 200;

/** What is said of a list, by what its picks are. */
const WORDS = {
  layer: {
    search: (all: number) => tn(all, 'Search {0} layer', 'Search {0} layers', count(all)),
    none: (text: string) => t('No layer is named like “{0}”.', text),
    more: (left: number) =>
      tn(
        left,
        '{0} more layer: search for what you want.',
        '{0} more layers: search for what you want.',
        count(left),
      ),
  },
  kind: {
    search: (all: number) => tn(all, 'Search {0} kind', 'Search {0} kinds', count(all)),
    none: (text: string) => t('No kind is named like “{0}”.', text),
    more: (left: number) =>
      tn(
        left,
        '{0} more kind: search for what you want.',
        '{0} more kinds: search for what you want.',
        count(left),
      ),
  },
};

/** A list to choose one thing from, with a search above it: arrows walk it, Enter chooses. */
export function PickList({
  label,
  picks,
  chosen,
  of,
  autofocus = false,
  onPick,
}: {
  readonly label: string;
  readonly picks: readonly Pick[];
  readonly chosen: string | null;
  readonly of: keyof typeof WORDS;
  readonly autofocus?: boolean;
  readonly onPick: (id: string) => void;
}) {
  const [text, setText] = useState('');
  const search = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (autofocus) search.current?.querySelector<HTMLElement>('vscode-text-field')?.focus();
  }, [autofocus]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const wanted = text.trim().toLowerCase();
  const found = wanted === '' ? picks : picks.filter((pick) => pick.label.toLowerCase().includes(wanted));
  // What begins with the text is meant more often than what holds it.
  const sorted =
    wanted === ''
      ? found
      : found.toSorted((a, b) => Number(startsWith(b, wanted)) - Number(startsWith(a, wanted)));
  const first = Math.max(0, sorted.findIndex(({ id }) => id === chosen) - SHOWN / 2);
  const shown = sorted.slice(first, first + SHOWN);
  const stop = shown.some(({ id }) => id === chosen) ? chosen : shown[0]?.id;

  const options = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])];
  const fromSearch = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') options()[0]?.focus();
    else if (event.key === 'Enter' && wanted !== '' && shown[0]) onPick(shown[0].id);
    else return;
    event.preventDefault();
  };
  const walk = (event: KeyboardEvent) => {
    const all = options();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to < 0) search.current?.querySelector<HTMLElement>('vscode-text-field')?.focus();
    else all[Math.min(to, all.length - 1)]?.focus();
  };
  return (
    <div className="pick">
      <div ref={search}>
        <TextField
          label={t('Search {0}', label.toLowerCase())}
          placeholder={WORDS[of].search(picks.length)}
          value={text}
          onInput={setText}
          onKeyDown={fromSearch}
        >
          <span slot="start" className="codicon codicon-search" aria-hidden="true" />
        </TextField>
      </div>
      {shown.length === 0 ? (
        <p className="pick-none" role="status">
          {WORDS[of].none(text.trim())}
        </p>
      ) : (
        <div
          className="pick-list"
          role="listbox"
          aria-label={label}
          ref={list}
          tabIndex={-1}
          onKeyDown={walk}
        >
          {groupsOf(shown).map(({ group, members }, place) => (
            <div role="group" aria-label={group === '' ? label : group} key={`${place} ${group}`}>
              {group === '' ? null : (
                <div className="pick-group" aria-hidden="true">
                  {group}
                </div>
              )}
              {members.map((pick) => (
                <Option
                  key={pick.id}
                  pick={pick}
                  chosen={pick.id === chosen}
                  isStop={pick.id === stop}
                  onPick={onPick}
                />
              ))}
            </div>
          ))}
        </div>
      )}
      {sorted.length > shown.length ? (
        <p className="field-note">{WORDS[of].more(sorted.length - shown.length)}</p>
      ) : null}
    </div>
  );
}

function Option({
  pick: { id, label, aside, family, inside = false },
  chosen,
  isStop,
  onPick,
}: {
  readonly pick: Pick;
  readonly chosen: boolean;
  readonly isStop: boolean;
  readonly onPick: (id: string) => void;
}) {
  return (
    <div
      role="option"
      aria-selected={chosen}
      className="pick-option"
      data-family={family}
      data-inside={inside || undefined}
      tabIndex={isStop ? 0 : -1}
      onClick={() => onPick(id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        onPick(id);
      }}
    >
      {family === undefined ? null : <i className="family-swatch" />}
      <span className="pick-label" title={label}>
        {label}
      </span>
      {aside === undefined ? null : <span className="pick-aside">{aside}</span>}
    </div>
  );
}

function groupsOf(
  picks: readonly Pick[],
): readonly { readonly group: string; readonly members: readonly Pick[] }[] {
  const groups: { group: string; members: Pick[] }[] = [];
  for (const pick of picks) {
    const group = pick.group ?? '';
    const last = groups.at(-1);
    if (last?.group === group) last.members.push(pick);
    else groups.push({ group, members: [pick] });
  }
  return groups;
}

const startsWith = ({ label }: Pick, text: string) => label.toLowerCase().startsWith(text);
