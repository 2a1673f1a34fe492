import { Checkbox } from '../../ui/checkbox';
import { Icon } from '../../ui/icon';
import { showShape } from '../model/shapeText';
import type { LayerView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { configValue, count, isFrozen, shortCount, weightShape } from '../model/text';
import { Facts, Section } from './section';

/** One layer, in full. */
export function LayerPage({ layer }: { readonly layer: LayerView }) {
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  return (
    <>
      <div className="page-head" data-family={layer.family}>
        <i className="family-swatch" />
        <div className="page-title">
          <h2>{layer.kind}</h2>
          <span>{layer.name}</span>
        </div>
        {isFrozen(layer) ? <Icon name="lock" className="layer-lock" /> : null}
      </div>
      {layer.faults.map((fault) => (
        <div className="finding" data-severity={fault.severity} key={`${fault.code} ${fault.message}`}>
          <Icon name={fault.severity} />
          <div>
            <p>{fault.message}</p>
            {fault.found === undefined || fault.message.includes(fault.found) ? null : (
              <Facts
                facts={[
                  { name: 'Found', value: fault.found },
                  { name: 'Expected', value: fault.expected ?? '' },
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
      <Section title={weightsOnly ? 'Size' : 'Shapes'}>
        <Facts
          facts={[
            ...layer.inputShapes.map((shape, place) => ({
              name: layer.inputShapes.length > 1 ? `Input ${place + 1}` : 'Input',
              value: <code>{shape === null ? 'unknown' : showShape(shape)}</code>,
            })),
            ...(weightsOnly
              ? []
              : [
                  {
                    name: 'Output',
                    value: (
                      <code>{layer.outputShape === null ? 'unknown' : showShape(layer.outputShape)}</code>
                    ),
                  },
                ]),
            ...(layer.params > 0 ? [{ name: 'Parameters', value: count(layer.params) }] : []),
            ...(layer.flops > 0 ? [{ name: 'FLOPs', value: shortCount(layer.flops) }] : []),
          ]}
        />
      </Section>
      {layer.weights.length > 0 ? (
        <Section title="Weights" aside={<span className="section-count">{layer.weights.length}</span>}>
          <Weights layer={layer} />
        </Section>
      ) : null}
      {Object.keys(layer.config).length > 0 || !weightsOnly ? <Configuration layer={layer} /> : null}
      {layer.group.length > 0 ? (
        <Section title="Group">
          <p className="path">{layer.group.join(' / ')}</p>
        </Section>
      ) : null}
    </>
  );
}

function Configuration({ layer }: { readonly layer: LayerView }) {
  return (
    <Section title="Configuration">
      <Facts
        facts={Object.entries(layer.config)
          .filter(([name]) => name !== 'name' && name !== 'trainable')
          .map(([name, value]) => ({
            name,
            value: <code data-none={value === null || undefined}>{configValue(value)}</code>,
          }))}
      />
    </Section>
  );
}

function Weights({ layer }: { readonly layer: LayerView }) {
  return (
    <table className="weights">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Shape</th>
          <th scope="col">Type</th>
        </tr>
      </thead>
      <tbody>
        {layer.weights.map(({ name, shape, dtype, role, fresh }) => (
          <tr key={name}>
            <td title={name}>
              {name}
              {role === 'statistic' ? (
                <span className="weight-note" title="A moving statistic: no gradient moves it">
                  statistic
                </span>
              ) : null}
              {fresh ? (
                <span
                  className="weight-note weight-fresh"
                  title="Freshly initialized, not from the base model"
                >
                  fresh
                </span>
              ) : null}
            </td>
            <td>{weightShape(shape)}</td>
            <td>{dtype}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Freezes or unfreezes layers by name; mixed where they differ. */
export function FreezeSwitch({ layers }: { readonly layers: readonly LayerView[] }) {
  const { controller } = useEditor();
  const frozen = layers.filter(({ trainable }) => !trainable).length;
  const checked = frozen === 0 ? false : frozen === layers.length ? true : 'mixed';
  return (
    <div className="freeze-switch" data-frozen={checked === true || undefined}>
      <Checkbox checked={checked} onChange={(on) => controller.act(on ? 'freeze' : 'unfreeze')}>
        Frozen
      </Checkbox>
      <p>
        {checked === true
          ? 'Training leaves its weights and statistics as they are.'
          : checked === 'mixed'
            ? `${frozen} of ${layers.length} are frozen.`
            : 'Training changes its weights.'}
      </p>
    </div>
  );
}
