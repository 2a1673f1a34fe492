import { labelOfFreeze } from '../../../src/core/surgery/label';
import type { FreezeRule } from '../../../src/core/freeze/rule';
import type { ModelView } from '../../../src/protocol/editor';
import { IconButton } from '../../ui/button';
import { useEditor } from '../editorContext';
import { OrderedList } from '../list/orderedList';
import { matchedIds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { MultiplierField } from './multiplierField';
import { moved, slowRule, switched } from './rules';
import { t } from '../../../src/l10n/translate';

/** The freeze rules in the order in which they apply, each with what can be done to it. */
export function RuleList({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const { freeze } = model.recipe;
  const index = indexModel(model);
  const put = (place: number, rule: FreezeRule) =>
    controller.setFreezeRules(freeze.with(place, rule), labelOfFreeze([rule]));
  const remove = (place: number) => {
    const rule = freeze[place];
    if (rule)
      controller.setFreezeRules(freeze.toSpliced(place, 1), t('Take away "{0}"', labelOfFreeze([rule])));
  };
  const move = (from: number, to: number) => {
    const rule = freeze[from];
    if (rule) controller.setFreezeRules(moved(freeze, from, to), t('Move "{0}"', labelOfFreeze([rule])));
  };
  const items = freeze.map((rule, place) => {
    const label = labelOfFreeze([rule]);
    return {
      label,
      content: (
        <>
          <IconButton
            icon={rule.trainable ? 'unlock' : 'lock'}
            label={rule.trainable ? t('Freeze instead: {0}', label) : t('Unfreeze instead: {0}', label)}
            className="rule-lock"
            onClick={() => put(place, switched(rule))}
          />
          <span
            className="ordered-text"
            onPointerEnter={() => controller.light(matchedIds(index, rule.match))}
            onPointerLeave={() => controller.light(null)}
          >
            {label}
          </span>
          {rule.trainable ? (
            <MultiplierField
              label={t('Share of the learning rate: {0}', label)}
              value={rule.learningRateMultiplier ?? 1}
              onChange={(multiplier) => put(place, slowRule(rule.match, multiplier))}
            />
          ) : null}
          <IconButton
            icon="close"
            label={t('Take away the rule: {0}', label)}
            className="item-tool"
            onClick={() => remove(place)}
          />
        </>
      ),
    };
  });
  return (
    <>
      <OrderedList label={t('Freeze rules')} items={items} version={model} onMove={move} onDelete={remove} />
      <p className="hint list-hint">{t('Rules apply in order; the last that matches a layer wins.')}</p>
    </>
  );
}
