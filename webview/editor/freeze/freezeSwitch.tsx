import type { LayerView } from '../../../src/protocol/editor';
import { Checkbox } from '../../ui/checkbox';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { MultiplierField } from './multiplierField';
import { multiplierOf } from './rules';
import { t } from '../../../src/l10n/translate';
import './freeze.css';

/** Freezes or unfreezes layers by name, mixed where they differ; of those that train, at which share of the rate. */
export function FreezeSwitch({ layers }: { readonly layers: readonly LayerView[] }) {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const frozen = layers.filter(({ trainable }) => !trainable).length;
  const checked = frozen === 0 ? false : frozen === layers.length ? true : 'mixed';
  const index = model && indexModel(model);
  const shares =
    index && checked === false ? new Set(layers.map(({ id }) => multiplierOf(index, id))) : undefined;
  const [share = 1] = shares ?? [];
  const names = layers.map(({ name }) => name);
  return (
    <div className="freeze-switch" data-frozen={checked === true || undefined}>
      <div className="freeze-switch-head">
        <Checkbox checked={checked} onChange={(on) => controller.act(on ? 'freeze' : 'unfreeze')}>
          {t('Frozen')}
        </Checkbox>
        {shares?.size === 1 ? (
          <span className="freeze-rate" title={t('Of the learning rate: 0.1 makes each update a tenth')}>
            <span aria-hidden="true">{t('Rate')}</span>
            <MultiplierField
              label={t('Share of the learning rate')}
              value={share}
              onChange={(multiplier) => controller.slow({ names }, multiplier)}
            />
          </span>
        ) : null}
      </div>
      <p>
        {checked === true
          ? t('Training leaves its weights and statistics as they are.')
          : checked === 'mixed'
            ? t('{0} of {1} are frozen.', frozen, layers.length)
            : shares && shares.size > 1
              ? t('Training changes its weights, some at another rate.')
              : share === 1
                ? t('Training changes its weights.')
                : t('Training changes its weights at {0}× the learning rate.', share)}
      </p>
    </div>
  );
}
