import { useId } from 'react';
import type { LayerView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { headAfter, otherWay, switched, toVector, type ToVector } from '../model/poolingSwitch';
import { count } from '../model/text';
import { usePreview } from '../sheets/usePreview';
import { Section } from './section';
import { t } from '../../../src/l10n/translate';

const WAYS: readonly { readonly way: ToVector; readonly label: string; readonly meaning: string }[] = [
  { way: 'pool', label: t('Pool'), meaning: t('one number a channel') },
  { way: 'flatten', label: t('Flatten'), meaning: t('every number of every place') },
];

/** Where feature maps become the vector that a head reads: both ways, and what the head costs with each. */
export function PoolingSwitch({ layer }: { readonly layer: LayerView }) {
  const { controller } = useEditor();
  const group = useId();
  const index = useEditorState(({ model }) => model && indexModel(model));
  const now = toVector(layer);
  const head = index ? headAfter(index, layer) : [];
  const operation = head.length > 0 ? otherWay(layer) : undefined;
  const { found, problem, working } = usePreview(operation);
  if (now === undefined || operation === undefined) return null;
  const wrong = problem?.message ?? found?.faults.find(({ severity }) => severity === 'error')?.message;
  const other = found && wrong === undefined && !working ? switched(head, found) : undefined;
  const mine = head.reduce((sum, { params }) => sum + params, 0);
  const paramsOf = (way: ToVector) => (way === now ? mine : other?.params);
  return (
    <Section title={t('From maps to a vector')}>
      <div role="radiogroup" aria-label={t('From maps to a vector')} className="ways">
        {WAYS.map(({ way, label, meaning }) => {
          const params = paramsOf(way);
          return (
            <label key={way} className="way" data-chosen={way === now || undefined} title={meaning}>
              <input
                type="radio"
                name={group}
                value={way}
                checked={way === now}
                disabled={way !== now && other === undefined}
                aria-describedby={`${group}-${way}`}
                onChange={() => controller.operateNew(operation)}
              />
              <span>
                <strong>{label}</strong>
                <span id={`${group}-${way}`}>
                  <b>{params === undefined ? '…' : count(params)}</b>
                  <small>{t('parameters in {0}', names(head))}</small>
                </span>
              </span>
            </label>
          );
        })}
      </div>
      <p className="ways-note">
        {wrong ??
          (other && other.anew.length > 0
            ? t('Switching makes {0} begin anew: weights fit only one of the two.', other.anew.join(', '))
            : t('Switching keeps every weight.'))}
      </p>
    </Section>
  );
}

/** `fc1`, or how many there are. */
function names(head: readonly LayerView[]): string {
  return head.length === 1 ? (head[0]?.name ?? '') : t('{0} layers', head.length);
}
