import type { WarmStart } from '../../../src/core/surgery/replay';
import { whyUnmatched } from '../../../src/core/surgery/whyUnmatched';
import { count, weightShape } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** So many weights are listed of each sort; the rest is counted. */
const LISTED = 200;

/** What a warm start took over: how many at a glance, and opened what did not match and why. */
export function WarmStartReport({ report }: { readonly report: WarmStart }) {
  const { matched, unmatched, unused } = report;
  const all = matched.length + unmatched.length;
  return (
    <details className="warm-start ordered-below" data-short={matched.length === 0 || undefined}>
      <summary>
        {tn(
          all,
          '{0} of {1} weight matched',
          '{0} of {1} weights matched',
          count(matched.length),
          count(all),
        )}
      </summary>
      {unmatched.length > 0 ? (
        <>
          <h4>{t('Left as they were')}</h4>
          <ul>
            {unmatched.slice(0, LISTED).map((weight) => (
              <li key={`${weight.layer}/${weight.weight}`}>
                <code>
                  {weight.layer}/{weight.weight}
                </code>
                <span>{whyUnmatched(weight, weightShape)}</span>
              </li>
            ))}
          </ul>
          <More of={unmatched.length} />
        </>
      ) : null}
      {unused.length > 0 ? (
        <>
          <h4>{t('Not taken from the file')}</h4>
          <ul>
            {unused.slice(0, LISTED).map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
          <More of={unused.length} />
        </>
      ) : null}
      {unmatched.length === 0 && unused.length === 0 ? (
        <p>{t('Every weight found its own, and the file has no others.')}</p>
      ) : null}
    </details>
  );
}

function More({ of }: { readonly of: number }) {
  return of > LISTED ? <p>{t('and {0} more', count(of - LISTED))}</p> : null;
}
