import { useEffect, useMemo, useRef, useState } from 'react';
import type { ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor } from '../editorContext';
import { Section } from '../inspector/section';
import { useFocusRequest } from '../keyboard/focusRequests';
import { compileRegex, matchedIds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { countedLayers } from '../model/text';
import { freezeEdit } from '../state/freezing';
import { RuleButtons } from './ruleButtons';
import { USUAL_MULTIPLIER, readMultiplier } from './rules';
import { t } from '../../../src/l10n/translate';

const EXAMPLE = 'conv[12]|logits';

/** By a regular expression over names: what it matches is counted and lit, and the totals say what freezing it does. */
export function ByName({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const [source, setSource] = useState('');
  const [rate, setRate] = useState(String(USUAL_MULTIPLIER));
  const field = useRef<HTMLDivElement>(null);
  useFocusRequest('regex', field);
  const regex = source === '' ? undefined : compileRegex(source);
  const problem = regex && 'problem' in regex ? regex.problem : undefined;
  const matched = useMemo(() => {
    if (source === '' || 'problem' in compileRegex(source)) return null;
    return matchedIds(indexModel(model), { regex: source });
  }, [model, source]);
  const multiplier = readMultiplier(rate);
  const nothing = matched === null || matched.size === 0;
  const written = useMemo(() => (nothing ? null : freezeEdit([{ regex: source }], false)), [nothing, source]);

  // An edit brings a new model and puts the light out: lit again for what the expression says of that one.
  useEffect(() => {
    controller.light(matched);
    const isWriting = field.current?.contains(document.activeElement) === true;
    if (isWriting) controller.preview(written);
  }, [controller, matched, written]);

  return (
    <Section title={t('By name')}>
      <div
        ref={field}
        className="regex-field"
        onBlur={() => controller.preview(null)}
        onFocus={() => controller.preview(written)}
      >
        <TextField
          label={t('Regular expression over layer names')}
          placeholder={EXAMPLE}
          value={source}
          onInput={setSource}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || source === '') return;
            setSource('');
            event.preventDefault();
            event.stopPropagation();
          }}
          {...(problem === undefined ? {} : { invalid: problem })}
        >
          <span slot="start" className="codicon codicon-regex" aria-hidden="true" />
        </TextField>
      </div>
      <p className="field-note" data-problem={problem !== undefined || undefined} role="status">
        {problem !== undefined ? (
          <>
            <Icon name="error" /> {problem}
          </>
        ) : matched ? (
          t('{0} of {1} matched', countedLayers(matched.size), model.layers.length)
        ) : (
          t('A regular expression, found anywhere in a name.')
        )}
      </p>
      <RuleButtons match={{ regex: source }} disabled={nothing} matched={matched?.size} />
      <div className="slow-row">
        <span className="multiplier">
          <TextField
            label={t('Share of the learning rate')}
            inputMode="decimal"
            value={rate}
            onInput={setRate}
            {...(multiplier === undefined ? { invalid: t('a number above 0') } : {})}
          />
          <span aria-hidden="true">×</span>
        </span>
        <Button
          icon="dashboard"
          disabled={nothing || multiplier === undefined}
          title={t(
            'Unfreezes them, and makes each of their updates so much of what the optimizer would make it',
          )}
          onClick={() => {
            if (multiplier !== undefined) controller.slow({ regex: source }, multiplier);
          }}
        >
          {t('Train at {0}×', multiplier ?? '?')}
        </Button>
      </div>
    </Section>
  );
}
