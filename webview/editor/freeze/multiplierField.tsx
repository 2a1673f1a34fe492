import { useState } from 'react';
import { TextField } from '../../ui/textField';
import { readMultiplier } from './rules';
import { t } from '../../../src/l10n/translate';

/** A share of the learning rate: typed, and taken with Enter or on leaving; what is none is put back by Escape. */
export function MultiplierField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (multiplier: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(value);
  const read = readMultiplier(text);
  const take = () => {
    if (read === undefined) return;
    setTyped(null);
    if (read !== value) onChange(read);
  };
  return (
    <span className="multiplier" onBlur={take}>
      <TextField
        label={label}
        inputMode="decimal"
        value={text}
        onInput={setTyped}
        {...(read === undefined ? { invalid: t('a number above 0') } : {})}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          else if (event.key === 'Escape' && typed !== null) setTyped(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span aria-hidden="true">×</span>
    </span>
  );
}
