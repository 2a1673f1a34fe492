import { useEffect } from 'react';
import type { ModelView } from '../../../src/protocol/editor';
import { useEditor } from '../editorContext';
import { BatchNormalization } from '../freeze/batchNormalization';
import { ByGroup, ByKind } from '../freeze/byKind';
import { ByName } from '../freeze/byName';
import { ByPlace } from '../freeze/byPlace';
import { ByStage } from '../freeze/byStage';
import { FreezeSets } from '../freeze/freezeSets';
import { RuleList } from '../freeze/ruleList';
import { WholeModel } from '../freeze/wholeModel';
import { Section } from './section';
import { t } from '../../../src/l10n/translate';

/** What stays as it is: by stage, by name, kind, group and place; the rules that say so, and sets of them. */
export function FreezePage({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  useEffect(
    () => () => {
      controller.light(null);
      controller.preview(null);
    },
    [controller],
  );
  return (
    <>
      {model.recipe.freeze.length > 0 ? (
        <Section title={t('Rules')}>
          <RuleList model={model} />
        </Section>
      ) : null}
      <ByStage model={model} />
      <ByName model={model} />
      <ByKind model={model} />
      <ByGroup model={model} />
      <ByPlace model={model} />
      <WholeModel model={model} />
      <BatchNormalization model={model} />
      <FreezeSets model={model} />
    </>
  );
}
