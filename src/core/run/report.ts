import { markdownLine as line, markdownTable as table } from '../markdownTable';
import { labelOf } from '../surgery/label';
import { showFreezeSet, type ComparableRun } from './compare';
import { metricNames, outcomeOf } from './outcome';
import { showNumber, showValue } from './showValue';
import { STATUS_SAID } from './statusWords';
import { t, tn } from '../../l10n/translate';

export interface ReportedRun extends ComparableRun {
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly problems: readonly { readonly message: string }[];
}

/**
 * A run as one Markdown document: what it was, what it was made of, what came out, epoch by epoch.
 * @param pictures to stand above the table of epochs, by their titles; paths relative to the report
 */
export function runReport(run: ReportedRun, pictures: Readonly<Record<string, string>> = {}): string {
  const { name, status, plan, recipe, startedAt, events, problems } = run;
  const { monitor, best, last, epochs, seconds, start, end } = outcomeOf(
    events,
    plan?.earlyStopping?.monitor,
  );
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      t('status'),
      end?.error ? `${STATUS_SAID[status]}: ${end.error.code}: ${end.error.message}` : STATUS_SAID[status],
    ],
    [t('started'), new Date(startedAt).toISOString()],
    [t('at work'), `${showNumber(Math.round(seconds))} s`],
    [t('engine'), start && `${start.engine} (${start.device})`],
    [t('model'), plan?.model],
    [t('samples'), start && `${start.trainSamples} to train on, ${start.validationSamples} to validate`],
    [t('classes'), start && (start.classes.length === 0 ? undefined : start.classes.join(', '))],
    [
      t('parameters'),
      start && `${showNumber(start.trainableParams)} of ${showNumber(start.totalParams)} trained`,
    ],
    [t('epochs'), start && `${epochs.length} of ${start.epochs}`],
    [t('best epoch'), best && t('{0}, by {1}', best.epoch, monitor)],
  ];
  const names = metricNames(epochs.map(({ metrics }) => metrics));
  return [
    `# ${line(name)}`,
    '',
    ...table(
      ['', ''],
      facts.flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value]])),
    ),
    ...section(
      t('Surgery'),
      (recipe?.operations ?? [])
        .filter(({ disabled }) => !disabled)
        .map((each) => `- ${line(labelOf(each))}`),
    ),
    ...section(
      t('Phases'),
      (plan?.phases ?? []).map(
        ({ epochs: count, optimizer, freeze }, index) =>
          `${index + 1}. ` +
          tn(
            count,
            '{0} epoch, {1} at {2}; {3}',
            '{0} epochs, {1} at {2}; {3}',
            count,
            optimizer.kind,
            optimizer.learningRate,
            line(showFreezeSet(freeze ?? recipe?.freeze ?? [])),
          ),
      ),
    ),
    ...section(
      t('Metrics'),
      names.length === 0
        ? []
        : table(
            ['', t('best epoch'), t('last epoch')],
            names.map((metric) => [
              metric,
              showValue(best?.metrics[metric] ?? null),
              showValue(last?.metrics[metric] ?? null),
            ]),
          ),
    ),
    ...section(
      t('Curves'),
      Object.entries(pictures).map(([title, file]) => `![${line(title)}](<${file}>)`),
    ),
    ...section(
      t('Epochs'),
      epochs.length === 0
        ? []
        : table(
            [t('epoch'), ...names, t('seconds')],
            epochs.map(({ epoch, metrics, seconds: took }) => [
              epoch === best?.epoch ? t('{0} (best)', epoch) : String(epoch),
              ...names.map((metric) => showValue(metrics[metric] ?? null)),
              showNumber(took),
            ]),
          ),
    ),
    ...section(
      t('Problems'),
      [...events.flatMap((event) => (event.type === 'warning' ? [event] : [])), ...problems].map(
        ({ message }) => `- ${line(message)}`,
      ),
    ),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
