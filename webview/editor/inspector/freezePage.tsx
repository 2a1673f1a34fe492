import { useEffect, useRef, useState } from 'react';
import type { Match } from '../../../src/core/freeze/rule';
import type { ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { useFocusRequest } from '../keyboard/focusRequests';
import { compileRegex, matchedIds, weightedKinds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { count, counted } from '../model/text';
import { Section } from './section';

/** The freeze set by rule: an expression over names, a kind, everything up to a layer. */
export function FreezePage({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  useEffect(() => () => controller.light(null), [controller]);
  return (
    <>
      <ByRegex model={model} />
      <ByKind model={model} />
      <ByPlace model={model} />
      <Section title="All layers">
        <div className="button-row">
          <Button icon="lock" onClick={() => controller.freeze([{ all: true }], false)}>
            Freeze all
          </Button>
          <Button
            icon="unlock"
            onClick={() => controller.setFreezeRules([{ match: { all: true }, trainable: true }])}
          >
            Unfreeze all
          </Button>
        </div>
      </Section>
    </>
  );
}

function ByRegex({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const [source, setSource] = useState('');
  const field = useRef<HTMLDivElement>(null);
  useFocusRequest('regex', field);
  const index = indexModel(model);
  const regex = source === '' ? undefined : compileRegex(source);
  const problem = regex && 'problem' in regex ? regex.problem : undefined;
  const matched = regex && 'compiled' in regex ? matchedIds(index, { regex: source }) : undefined;

  // An edit brings a new model and puts the light out: lit again for what the expression says of that one.
  useEffect(() => {
    controller.light(
      source === '' || 'problem' in compileRegex(source)
        ? null
        : matchedIds(indexModel(model), { regex: source }),
    );
  }, [controller, model, source]);

  return (
    <Section title="By name">
      <div ref={field} className="regex-field">
        <TextField
          label="Regular expression over layer names"
          placeholder="conv[12]|logits"
          value={source}
          onInput={setSource}
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
          `${counted(matched.size, 'layer')} of ${model.layers.length} matched`
        ) : (
          'A regular expression, found anywhere in a name.'
        )}
      </p>
      <RulePair match={{ regex: source }} disabled={!matched || matched.size === 0} matched={matched?.size} />
    </Section>
  );
}

function ByKind({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const kinds = weightedKinds(indexModel(model));
  const [chosen, setChosen] = useState<string>();
  const kind = kinds.find((known) => known.kind === chosen)?.kind ?? kinds[0]?.kind;
  if (kind === undefined) return null;
  return (
    <Section title="By kind">
      <div
        onPointerEnter={() => controller.light(matchedIds(indexModel(model), { kind }))}
        onPointerLeave={() => controller.light(null)}
      >
        <Dropdown
          label="Kind of layer"
          value={kind}
          options={kinds.map((known) => ({
            value: known.kind,
            label: `${known.kind} (${known.layers})`,
          }))}
          onChange={setChosen}
        />
        <RulePair match={{ kind }} disabled={false} />
      </div>
    </Section>
  );
}

function ByPlace({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const [id] = selection;
  const layer = selection.size === 1 && id !== undefined ? indexModel(model).byId.get(id) : undefined;
  return (
    <Section title="Up to a layer">
      <p className="field-note">
        {layer ? (
          <>
            <strong>{layer.name}</strong> and everything it depends on
          </>
        ) : (
          'Select the last layer that shall stay as it is.'
        )}
      </p>
      <div className="button-row">
        <Button icon="layers-active" disabled={!layer} onClick={() => controller.act('freezeUpTo')}>
          Freeze up to here
        </Button>
      </div>
    </Section>
  );
}

function RulePair({
  match,
  disabled,
  matched,
}: {
  readonly match: Match;
  readonly disabled: boolean;
  /** How many layers it would be, on the buttons. */
  readonly matched?: number | undefined;
}) {
  const { controller } = useEditor();
  const label = (verb: string) => (matched ? `${verb} ${count(matched)}` : verb);
  return (
    <div className="button-row">
      <Button icon="lock" disabled={disabled} onClick={() => controller.freeze([match], false)}>
        {label('Freeze')}
      </Button>
      <Button icon="unlock" disabled={disabled} onClick={() => controller.freeze([match], true)}>
        {label('Unfreeze')}
      </Button>
    </div>
  );
}
