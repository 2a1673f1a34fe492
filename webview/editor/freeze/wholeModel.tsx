import { ALL_OPEN } from '../../../src/core/freeze/allOpen';
import type { Edit } from '../../../src/core/surgery/edit';
import type { ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { useEditor } from '../editorContext';
import { Section } from '../inspector/section';
import { freezeEdit, invertEdit } from '../state/freezing';
import { Previews } from './previews';
import { t } from '../../../src/l10n/translate';

/** All, none, the other way round, or as the file has it. */
export function WholeModel({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const clear: Edit = { type: 'setFreezeRules', rules: [] };
  const none: Edit = { type: 'setFreezeRules', rules: [ALL_OPEN] };
  const nothingFrozen = model.layers.every(({ trainable }) => trainable);
  return (
    <Section title={t('All layers')}>
      <div className="button-row">
        <Previews edit={freezeEdit([{ all: true }], false)}>
          <Button icon="lock" onClick={() => controller.freeze([{ all: true }], false)}>
            {t('Freeze all')}
          </Button>
        </Previews>
        <Previews edit={none}>
          <Button
            icon="unlock"
            disabled={nothingFrozen}
            title={nothingFrozen ? t('Nothing is frozen') : t('Training changes every layer (Shift+U)')}
            onClick={() => controller.act('unfreezeAll')}
          >
            {t('Unfreeze all')}
          </Button>
        </Previews>
        <Previews edit={invertEdit(model)}>
          <Button
            icon="arrow-swap"
            title={t('Freeze every layer that trains and let every frozen one train (I)')}
            onClick={() => controller.act('invertFreezing')}
          >
            {t('Invert')}
          </Button>
        </Previews>
        <Previews edit={clear}>
          <Button
            icon="clear-all"
            title={t('Take all rules away: frozen is what the file says is')}
            disabled={model.recipe.freeze.length === 0}
            onClick={() => controller.setFreezeRules([])}
          >
            {t('Clear')}
          </Button>
        </Previews>
      </div>
    </Section>
  );
}
