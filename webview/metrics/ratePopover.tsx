import { useEffect, useId, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { Button } from '../ui/button';
import { parseRate } from './steeringReasons';
import { t } from '../../src/l10n/translate';

export interface RatePopoverProps {
  /** In force now, as far as known: a schedule may have moved it. */
  readonly rate: number | undefined;
  readonly byHand: boolean;
  readonly reason: string | undefined;
  readonly onSet: (rate: number) => void;
  readonly onClose: () => void;
}

/** Asks for another learning rate, in force from the next step to the end of the phase. */
export function RatePopover({ rate, byHand, reason, onSet, onClose }: RatePopoverProps) {
  const [text, setText] = useState(rate === undefined ? '' : String(rate));
  const [told, setTold] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const parsed = parseRate(text);
  const wrong = typeof parsed === 'string' ? parsed : reason;
  useEffect(() => field.current?.select(), []);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (typeof parsed === 'number' && reason === undefined) onSet(parsed);
    else setTold(true);
  };
  return (
    <form
      className="rate-popover"
      role="dialog"
      aria-label={t('Learning rate')}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <label htmlFor={`${id}-rate`}>{t('Learning rate from the next step')}</label>
      <div className="rate-row">
        <input
          id={`${id}-rate`}
          ref={field}
          value={text}
          inputMode="decimal"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={told && wrong !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {[0.1, 0.5, 2].map((factor) => (
          <button
            key={factor}
            type="button"
            className="chip"
            aria-label={t('Times {0}', factor)}
            disabled={typeof parsed !== 'number'}
            onClick={() => typeof parsed === 'number' && setText(scaled(parsed, factor))}
          >
            ×{factor}
          </button>
        ))}
        <Button appearance="primary" onClick={() => submit()}>
          {t('Set')}
        </Button>
      </div>
      <p id={`${id}-note`} className={told && wrong !== undefined ? 'rate-note wrong' : 'rate-note'}>
        {told && wrong !== undefined ? wrong : noteOf(rate, byHand)}
      </p>
    </form>
  );
}

function noteOf(rate: number | undefined, byHand: boolean): string {
  const until = t('It holds to the end of the phase, over its schedule.');
  if (rate === undefined) return until;
  return `${byHand ? t('{0} now, set by hand.', rate) : t('The plan’s is {0}.', rate)} ${until}`;
}

/** Without the last digits of a product. */
function scaled(rate: number, factor: number): string {
  return String(Number((rate * factor).toPrecision(6)));
}
