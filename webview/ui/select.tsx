import './controls.css';

export interface SelectProps {
  /** For the screen reader; draw a visible label beside it. */
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** The platform's own list, where a page has many of them: the toolkit's makes an element of each of its options. */
export function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <select
      className="plain-select"
      aria-label={label}
      title={options.find((option) => option.value === value)?.label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
