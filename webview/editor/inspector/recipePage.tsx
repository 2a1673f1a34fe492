import { labelOfFreeze } from '../../../src/core/surgery/label';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { ModelView } from '../../../src/protocol/editor';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { Section } from './section';

const OPERATION_ICONS: Readonly<Partial<Record<Operation['op'], string>>> = {
  cut: 'screen-cut',
  remove: 'trash',
  append: 'type-hierarchy-sub',
  rename: 'rename',
  configure: 'settings',
};

/** The surgery so far: operations in order, then the freeze rules, the last match winning. */
export function RecipePage({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const { operations, freeze } = model.recipe;
  if (operations.length === 0 && freeze.length === 0) {
    return (
      <div className="blank">
        <Icon name="checklist" />
        <p>The recipe is empty: the model is as its file has it.</p>
        <p className="hint">
          Every edit becomes a line here. Saving writes them beside the model, never into it, and the command
          line can replay them.
        </p>
      </div>
    );
  }
  return (
    <>
      {operations.length > 0 ? (
        <Section title="Operations">
          <ol className="steps">
            {operations.map((operation, place) => (
              <li key={place} className="step">
                <Icon name={OPERATION_ICONS[operation.op] ?? 'wrench'} />
                <span>{model.history[place] ?? operation.op}</span>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
      {freeze.length > 0 ? (
        <Section title="Freeze rules">
          <ol className="steps">
            {freeze.map((rule, place) => (
              <li key={place} className="step">
                <Icon name={rule.trainable ? 'unlock' : 'lock'} />
                <span>{labelOfFreeze([rule])}</span>
                <IconButton
                  icon="close"
                  label={`Take away the rule: ${labelOfFreeze([rule])}`}
                  onClick={() => controller.setFreezeRules(freeze.filter((_, other) => other !== place))}
                />
              </li>
            ))}
          </ol>
          <p className="hint">Rules apply in order; the last that matches a layer wins.</p>
        </Section>
      ) : null}
    </>
  );
}
