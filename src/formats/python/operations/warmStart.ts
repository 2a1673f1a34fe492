import type { LayerGraph } from '../../../core/graph/layerGraph';
import { layersById } from '../../../core/graph/lookup';
import { donorGraph } from '../../../core/surgery/donors';
import type { OperationOf } from '../../../core/surgery/recipe';
import { isPythons, rawText } from '../regex';
import { call } from '../newLayer';
import { dictionary } from '../names';
import { loadDonor } from './donor';
import type { Say, Step } from './step';

/** Names decide in Keras as they do here; where they need not be the same, the script lists which layers are which. */
export const sayWarmStart: Say<'warmStart'> = (operation, step) => {
  const { before, setting, warmStart } = step;
  const loaded = loadDonor(operation.from, setting);
  const donor = donorGraph(setting.donors, operation.from);
  const { match } = operation;
  const names = before.layers.map(({ name }) => name);
  const searched = match === undefined || isPythons(match, names);
  const sources = sourcesOf(operation, before, donor, warmStart?.matched ?? []);
  const listed = searched ? sources.filter(([name, source]) => name !== source) : sources;
  return {
    lines: [
      ...loaded.lines,
      call('warm_start', [
        'model',
        'donor',
        ...(searched ? (match === undefined ? [] : [`match=${rawText(match)}`]) : ['match=None']),
        ...(listed.length > 0 ? [`names=${dictionary(listed, '    ')}`] : []),
      ]),
    ],
    helpers: [...loaded.helpers, 'warm_start'],
  };
};

/** Each layer that took something over, and the donor's layer that it was. */
function sourcesOf(
  { map = {} }: OperationOf<'warmStart'>,
  { layers }: LayerGraph,
  donor: LayerGraph,
  matched: NonNullable<Step['warmStart']>['matched'],
): readonly (readonly [name: string, source: string])[] {
  const taking = new Set(matched.map(({ layer }) => layer));
  const known = new Set([...layersById(donor).values()].map(({ name }) => name));
  return layers.flatMap(({ name, group }) => {
    const mapped = Object.hasOwn(map, name) ? map[name] : undefined;
    if (mapped !== undefined) return [[name, mapped] as const];
    if (!taking.has(name)) return [];
    const path = [...group, name];
    const source = [name, path.join('/'), path.join('.')].find((each) => known.has(each));
    return source === undefined ? [] : [[name, source] as const];
  });
}
