import { useState } from 'react';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { FormField } from '../../../src/core/layers/form';
import { FieldControl } from './fieldControl';
import { isRare } from './fieldText';
import { t } from '../../../src/l10n/translate';

export interface ConfigFormProps {
  readonly form: readonly FormField[];
  /** What is said so far; presets stand for the rest. */
  readonly values: LayerConfig;
  readonly disabled?: boolean;
  readonly onChange: (name: string, value: unknown) => void;
  /** What is typed wrongly, by the field's name; empty when nothing is. */
  readonly onProblems?: (problems: Readonly<Record<string, string>>) => void;
}

/** A kind's configuration as a form made from its schema: what one usually sets first, the rest on demand. */
export function ConfigForm({ form, values, disabled = false, onChange, onProblems }: ConfigFormProps) {
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const say = (name: string, problem: string | undefined) => {
    const { [name]: before, ...others } = problems;
    if (before === problem) return;
    const next = problem === undefined ? others : { ...others, [name]: problem };
    setProblems(next);
    onProblems?.(next);
  };
  const control = (field: FormField) => (
    <FieldControl
      key={field.name}
      field={field}
      value={values[field.name]}
      disabled={disabled}
      onChange={(value) => onChange(field.name, value)}
      onProblem={(problem) => say(field.name, problem)}
    />
  );
  const rare = form.filter(isRare);
  return (
    <div className="config-form">
      {form.filter((field) => !isRare(field)).map(control)}
      {rare.length === 0 ? null : (
        <details className="config-more">
          <summary>{t('More settings ({0})', rare.length)}</summary>
          <div className="config-form">{rare.map(control)}</div>
        </details>
      )}
    </div>
  );
}
