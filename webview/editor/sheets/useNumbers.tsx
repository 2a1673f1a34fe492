import { useState } from 'react';
import type { ReactNode } from 'react';
import type { TrainingForm } from '../../../src/protocol/editor';
import { TextField } from '../../ui/textField';
import { useEditor } from '../editorContext';
import { hasWrongNumber, NUMBER_FIELDS, readNumber, textOf } from '../model/trainingFields';
import type { FormTexts, NumberField } from '../model/trainingFields';
import { Field } from './sheet';

/** The field of a number, with its label. */
export type DrawNumber = (field: NumberField, label: string, note?: string) => ReactNode;

/** The numbers of the training form as fields; what is typed reaches the form once it is a number that it takes. */
export function useNumbers(form: TrainingForm): { readonly number: DrawNumber; readonly hasWrong: boolean } {
  const { controller } = useEditor();
  const [texts, setTexts] = useState<FormTexts>({});
  const typed = (field: NumberField, text: string) => {
    setTexts({ ...texts, [field]: text });
    const value = readNumber(field, text);
    if (value !== undefined) controller.changeForm(NUMBER_FIELDS[field].put(form, value));
  };
  const number: DrawNumber = (field, label, note) => {
    const text = textOf(form, field, texts);
    const problem = readNumber(field, text) === undefined ? NUMBER_FIELDS[field].expected : undefined;
    return (
      <Field label={label} problem={problem} {...(note !== undefined && { note })}>
        <TextField
          label={label}
          inputMode="decimal"
          value={text}
          onInput={(input) => typed(field, input)}
          {...(problem === undefined ? {} : { invalid: problem })}
        />
      </Field>
    );
  };
  return { number, hasWrong: hasWrongNumber(form, texts) };
}
