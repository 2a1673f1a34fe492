import { Icon } from '../../ui/icon';
import { showShape } from '../model/shapeText';
import type { LayerView } from '../../../src/protocol/editor';
import { useEditorState } from '../editorContext';
import { ChangeSection } from '../diff/changeSection';
import { activationBytes, showBytes, weightBytes } from '../model/memory';
import { count, shortCount } from '../model/text';
import { Configuration } from './configuration';
import { LayerTitle } from './layerTitle';
import { PoolingSwitch } from './poolingSwitch';
import { FreezeSwitch } from '../freeze/freezeSwitch';
import { Facts, Section } from './section';
import { useInspection } from './useInspection';
import { Weights } from './weights';
import { t } from '../../../src/l10n/translate';

/** One layer, in full. */
export function LayerPage({ layer }: { readonly layer: LayerView }) {
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  const { form, inspection } = useInspection(layer);
  const activations = activationBytes(layer);
  return (
    <>
      <LayerTitle key={layer.id} layer={layer} />
      <ChangeSection id={layer.id} />
      {layer.faults.map((fault) => (
        <div className="finding" data-severity={fault.severity} key={`${fault.code} ${fault.message}`}>
          <Icon name={fault.severity} />
          <div>
            <p>{fault.message}</p>
            {fault.found === undefined || fault.message.includes(fault.found) ? null : (
              <Facts
                facts={[
                  { name: t('Found'), value: fault.found },
                  { name: t('Expected'), value: fault.expected ?? '' },
                ]}
              />
            )}
          </div>
        </div>
      ))}
      {layer.opaque === undefined ? null : (
        <div className="finding" data-severity="warning">
          <Icon name="question" />
          <p>{layer.opaque}</p>
        </div>
      )}
      {layer.weights.length > 0 && !weightsOnly ? <FreezeSwitch layers={[layer]} /> : null}
      {weightsOnly ? null : <PoolingSwitch key={`switch ${layer.id}`} layer={layer} />}
      <Section title={weightsOnly ? t('Size') : t('Shapes')}>
        <Facts
          facts={[
            ...layer.inputShapes.map((shape, place) => ({
              name: layer.inputShapes.length > 1 ? t('Input {0}', place + 1) : t('Input'),
              value: <code>{shape === null ? t('unknown') : showShape(shape)}</code>,
            })),
            ...(weightsOnly
              ? []
              : [
                  {
                    name: t('Output'),
                    value: (
                      <code>{layer.outputShape === null ? t('unknown') : showShape(layer.outputShape)}</code>
                    ),
                  },
                ]),
            ...(layer.params > 0 ? [{ name: t('Parameters'), value: count(layer.params) }] : []),
            ...(activations === null
              ? []
              : [{ name: t('Activations a sample'), value: showBytes(activations) }]),
            ...(layer.weights.length > 0
              ? [{ name: t('Memory of weights'), value: showBytes(weightBytes(layer)) }]
              : []),
            ...(layer.flops > 0 ? [{ name: 'FLOPs', value: shortCount(layer.flops) }] : []),
          ]}
        />
      </Section>
      <Configuration layer={layer} form={form} />
      {layer.weights.length > 0 ? <Weights layer={layer} inspection={inspection} /> : null}
      {layer.group.length > 0 ? (
        <Section title={t('Group')}>
          <p className="path">{layer.group.join(' / ')}</p>
        </Section>
      ) : null}
    </>
  );
}
