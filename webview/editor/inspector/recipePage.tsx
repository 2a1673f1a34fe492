import type { ModelView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { RuleList } from '../freeze/ruleList';
import { Steps } from '../recipe/steps';
import { Section } from './section';
import { t } from '../../../src/l10n/translate';

/** The surgery so far: operations in order, then the freeze rules, the last match winning. */
export function RecipePage({ model }: { readonly model: ModelView }) {
  const { operations, freeze } = model.recipe;
  if (operations.length === 0 && freeze.length === 0) {
    return (
      <div className="blank">
        <Icon name="checklist" />
        <p>{t('The recipe is empty: the model is as its file has it.')}</p>
        <p className="hint">
          {t(
            'Every edit becomes a line here. Saving writes them beside the model, never into it, and the command line can replay them.',
          )}
        </p>
      </div>
    );
  }
  return (
    <>
      {operations.length > 0 ? (
        <Section title={t('Operations')}>
          <Steps model={model} />
        </Section>
      ) : null}
      {freeze.length > 0 ? (
        <Section title={t('Freeze rules')}>
          <RuleList model={model} />
        </Section>
      ) : null}
    </>
  );
}
