import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FormField } from '../../../src/core/layers/form';
import { Checkbox } from '../../ui/checkbox';
import { Dropdown } from '../../ui/dropdown';
import { TextField } from '../../ui/textField';
import { expectedOf, readField, textOfField } from './fieldText';
import type { KerasObject } from './fieldText';
import { t } from '../../../src/l10n/translate';

export interface FieldControlProps {
  readonly field: FormField;
  /** The field's value; undefined where nothing is said, which means its preset. */
  readonly value: unknown;
  readonly disabled?: boolean;
  /** A value that the field takes; undefined for its preset. */
  readonly onChange: (value: unknown) => void;
  /** What is wrong with what is typed now; undefined once nothing is. `onChange` is not called for what is wrong. */
  readonly onProblem?: (problem: string | undefined) => void;
}

/** One field of a kind's configuration, as the control that its schema asks for. */
export function FieldControl(props: FieldControlProps) {
  const { field, value, disabled = false, onChange } = props;
  const { control, name, nullable } = field;
  const shown = value === undefined ? field.preset : value;
  switch (control.type) {
    case 'flag':
      return (
        <Checkbox checked={shown === true} disabled={disabled} onChange={onChange}>
          {name}
        </Checkbox>
      );
    case 'word': {
      const word = typeof shown === 'string' ? shown : NONE;
      const words = nullable || word === NONE ? [NONE, ...control.words] : control.words;
      return (
        <Labelled name={name}>
          <Dropdown
            label={name}
            value={word}
            options={words.map((one) => ({ value: one, label: one === NONE ? t('none') : one }))}
            disabled={disabled}
            onChange={(next) => onChange(next === NONE ? null : next)}
          />
        </Labelled>
      );
    }
    case 'object':
      return <ObjectControl {...props} kinds={control.kinds} />;
    case 'count':
    case 'number':
    case 'sizes':
    case 'text':
    case 'json':
      return <TypedControl {...props} />;
  }
}

const NONE = '';

function Labelled({
  name,
  problem,
  children,
}: {
  readonly name: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="config-field">
      <span className="field-label" aria-hidden="true">
        {name}
      </span>
      {children}
      {problem === undefined ? null : (
        <p className="field-note" data-problem>
          {problem}
        </p>
      )}
    </div>
  );
}

/** What is typed stays as it is typed while it means the value. */
function TypedControl({ field, value, disabled = false, onChange, onProblem }: FieldControlProps) {
  const [typed, setTyped] = useState(() => ({ text: textOfField(field, value), value }));
  // Another value than what was typed came from outside: an undo, another layer.
  const isStale = JSON.stringify(typed.value) !== JSON.stringify(value);
  const text = isStale ? textOfField(field, value) : typed.text;
  const read = readField(field, text);
  const isUntouched = text === '' && !('preset' in field) && !field.nullable;
  const problem = 'problem' in read && !isUntouched ? read.problem : undefined;
  const placeholder =
    'preset' in field && field.preset !== null ? textOfField(field, field.preset) : expectedOf(field.control);
  return (
    <Labelled name={field.name} problem={problem}>
      <TextField
        label={field.name}
        value={text}
        placeholder={field.nullable && field.preset === null ? t('none') : placeholder}
        disabled={disabled}
        {...(field.control.type === 'count' && { inputMode: 'numeric' as const })}
        {...(field.control.type === 'number' && { inputMode: 'decimal' as const })}
        {...(problem !== undefined && { invalid: problem })}
        onInput={(next) => {
          const now = readField(field, next);
          const isRead = 'value' in now;
          setTyped({ text: next, value: isRead ? now.value : value });
          onProblem?.(isRead ? undefined : now.problem);
          if (isRead) onChange(now.value);
        }}
      />
    </Labelled>
  );
}

/** An initializer, a regularizer, a constraint: its class, and its settings where one is chosen. */
function ObjectControl({
  field,
  value,
  kinds,
  disabled = false,
  onChange,
  onProblem,
}: FieldControlProps & { readonly kinds: readonly string[] }) {
  const chosen = objectOf(value === undefined ? field.preset : value);
  const kind = chosen?.kind ?? NONE;
  const known = kind === NONE || kinds.includes(kind) ? kinds : [kind, ...kinds];
  const settings: FormField = {
    name: t('{0} settings', field.name),
    control: { type: 'json', expected: t('settings, such as {"l2": 0.01}') },
    nullable: true,
    preset: null,
  };
  return (
    <div className="config-object">
      <Labelled name={field.name}>
        <Dropdown
          label={field.name}
          value={kind}
          options={[...(field.nullable ? [NONE] : []), ...known].map((one) => ({
            value: one,
            label: one === NONE ? t('none') : one,
          }))}
          disabled={disabled}
          onChange={(next) => {
            onProblem?.(undefined);
            onChange(next === NONE ? null : { kind: next, config: {} });
          }}
        />
      </Labelled>
      {chosen ? (
        <TypedControl
          key={kind}
          field={settings}
          value={Object.keys(chosen.config).length === 0 ? undefined : chosen.config}
          disabled={disabled}
          onChange={(config) => onChange({ kind, config: isSettings(config) ? config : {} })}
          {...(onProblem && { onProblem })}
        />
      ) : null}
    </div>
  );
}

function isSettings(value: unknown): value is KerasObject['config'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): KerasObject | undefined {
  if (typeof value === 'string') return { kind: value, config: {} };
  if (!isSettings(value) || typeof value.kind !== 'string') return undefined;
  return { kind: value.kind, config: isSettings(value.config) ? value.config : {} };
}
