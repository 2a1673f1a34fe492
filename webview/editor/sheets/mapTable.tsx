import { useMemo } from 'react';
import type { WarmStartReport } from '../../../src/core/surgery/warmStart';
import type { ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Select } from '../../ui/select';
import { firstChoices, suggestMap } from '../model/mapSuggestions';
import { count } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** A table that is filled by hand ends somewhere; what was mapped makes room for the rest. */
const ROWS = 60;

const NONE = '';

/** Layers that found no counterpart, each beside the donor's layer that it is said to be. */
export function MapTable({
  model,
  donor,
  report,
  map,
  onChange,
}: {
  readonly model: ModelView;
  readonly donor: ModelView;
  readonly report: WarmStartReport;
  readonly map: Readonly<Record<string, string>>;
  readonly onChange: (map: Readonly<Record<string, string>>) => void;
}) {
  const unfound = useMemo(() => {
    const unmatched = new Set([...report.unmatched.map(({ layer }) => layer), ...Object.keys(map)]);
    return suggestMap(model, donor, unmatched, layersTaken(donor, report, map));
  }, [model, donor, report, map]);
  const open = unfound.filter(({ layer }) => !(layer in map));
  const choices = firstChoices(open, new Set([...layersTaken(donor, report, {}), ...Object.values(map)]));
  const offered = Object.keys(choices).length;
  if (unfound.length === 0) return null;
  const set = (layer: string, name: string) => {
    const others = Object.entries(map).filter(([mapped]) => mapped !== layer);
    onChange(Object.fromEntries(name === NONE ? others : [...others, [layer, name]]));
  };
  return (
    <div className="map-table">
      <div className="map-head">
        <span className="field-label">{t('Which layers are which')}</span>
        {offered > 0 ? (
          <Button icon="sparkle" onClick={() => onChange({ ...map, ...choices })}>
            {tn(offered, 'Use {0} suggestion', 'Use {0} suggestions', count(offered))}
          </Button>
        ) : null}
      </div>
      <ol>
        {unfound.slice(0, ROWS).map(({ layer, candidates }) => (
          <li key={layer} data-mapped={layer in map || undefined}>
            <span title={layer}>{layer}</span>
            {candidates.length === 0 ? (
              <span className="map-none">{t('nothing of its shapes')}</span>
            ) : (
              <Select
                label={t("The file's layer for {0}", layer)}
                value={map[layer] ?? NONE}
                options={[
                  { value: NONE, label: t('stays as it is') },
                  ...candidates.map((name) => ({ value: name, label: name })),
                ]}
                onChange={(name) => set(layer, name)}
              />
            )}
          </li>
        ))}
      </ol>
      {unfound.length > ROWS ? (
        <p className="field-note">
          {tn(
            unfound.length - ROWS,
            'and {0} more layer',
            'and {0} more layers',
            count(unfound.length - ROWS),
          )}
        </p>
      ) : null}
    </div>
  );
}

/** The donor's layers that are taken by name; what the map says is free to be said otherwise. */
function layersTaken(
  { layers }: ModelView,
  { matched }: WarmStartReport,
  map: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const mapped = new Set(Object.keys(map));
  const from = new Set(matched.flatMap((one) => (mapped.has(one.layer) ? [] : [one.from])));
  return new Set(
    layers
      .filter(({ name, weights }) => weights.some((weight) => from.has(`${name}/${weight.name}`)))
      .map(({ name }) => name),
  );
}
