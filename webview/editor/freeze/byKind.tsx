import { useState } from 'react';
import type { Match } from '../../../src/core/freeze/rule';
import type { ModelView } from '../../../src/protocol/editor';
import { Dropdown } from '../../ui/dropdown';
import type { DropdownOption } from '../../ui/dropdown';
import { useEditor } from '../editorContext';
import { Section } from '../inspector/section';
import { matchedIds, weightedKinds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { groupsIn } from './groups';
import { RuleButtons } from './ruleButtons';
import { t } from '../../../src/l10n/translate';

/** All layers of a kind that has weights. */
export function ByKind({ model }: { readonly model: ModelView }) {
  const options = weightedKinds(indexModel(model)).map(({ kind, layers }) => ({
    value: kind,
    label: `${kind} (${layers})`,
  }));
  return (
    <Choice
      model={model}
      title={t('By kind')}
      label={t('Kind of layer')}
      options={options}
      matchOf={(kind) => ({ kind })}
    />
  );
}

/** All layers in a group, at any depth; the tree of groups is drawn by indenting. */
export function ByGroup({ model }: { readonly model: ModelView }) {
  const options = groupsIn(model).map(({ path, depth, layers }) => ({
    value: path,
    label: `${'\u2003'.repeat(depth)}${path.split('/').at(-1)} (${layers})`,
  }));
  return (
    <Choice
      model={model}
      title={t('By group')}
      label={t('Group of layers')}
      options={options}
      matchOf={(group) => ({ group })}
    />
  );
}

function Choice({
  model,
  title,
  label,
  options,
  matchOf,
}: {
  readonly model: ModelView;
  readonly title: string;
  readonly label: string;
  readonly options: readonly DropdownOption<string>[];
  readonly matchOf: (value: string) => Match;
}) {
  const { controller } = useEditor();
  const [chosen, setChosen] = useState<string>();
  const value = (options.find((option) => option.value === chosen) ?? options[0])?.value;
  if (value === undefined) return null;
  const match = matchOf(value);
  return (
    <Section title={title}>
      <div
        onPointerEnter={() => controller.light(matchedIds(indexModel(model), match))}
        onPointerLeave={() => controller.light(null)}
      >
        <Dropdown label={label} value={value} options={options} onChange={setChosen} />
        <RuleButtons match={match} />
      </div>
    </Section>
  );
}
