import { markdownLine as line, markdownTable as table } from '../markdownTable';
import { labelOf } from '../surgery/label';
import { showFreezeSet, type ComparableRun } from './compare';
import { metricNames, outcomeOf } from './outcome';
import { showNumber, showValue } from './showValue';

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
    ['status', end?.error ? `${status}: ${end.error.code}: ${end.error.message}` : status],
    ['started', new Date(startedAt).toISOString()],
    ['at work', `${showNumber(Math.round(seconds))} s`],
    ['engine', start && `${start.engine} (${start.device})`],
    ['model', plan?.model],
    ['samples', start && `${start.trainSamples} to train on, ${start.validationSamples} to validate`],
    ['classes', start && (start.classes.length === 0 ? undefined : start.classes.join(', '))],
    [
      'parameters',
      start && `${showNumber(start.trainableParams)} of ${showNumber(start.totalParams)} trained`,
    ],
    ['epochs', start && `${epochs.length} of ${start.epochs}`],
    ['best epoch', best && `${best.epoch}, by ${monitor}`],
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
      'Surgery',
      (recipe?.operations ?? [])
        .filter(({ disabled }) => !disabled)
        .map((each) => `- ${line(labelOf(each))}`),
    ),
    ...section(
      'Phases',
      (plan?.phases ?? []).map(
        ({ epochs: count, optimizer, freeze }, index) =>
          `${index + 1}. ${count} ${count === 1 ? 'epoch' : 'epochs'}, ${optimizer.kind} at ${optimizer.learningRate}; ` +
          line(showFreezeSet(freeze ?? recipe?.freeze ?? [])),
      ),
    ),
    ...section(
      'Metrics',
      names.length === 0
        ? []
        : table(
            ['', 'best epoch', 'last epoch'],
            names.map((metric) => [
              metric,
              showValue(best?.metrics[metric] ?? null),
              showValue(last?.metrics[metric] ?? null),
            ]),
          ),
    ),
    ...section(
      'Curves',
      Object.entries(pictures).map(([title, file]) => `![${line(title)}](<${file}>)`),
    ),
    ...section(
      'Epochs',
      epochs.length === 0
        ? []
        : table(
            ['epoch', ...names, 'seconds'],
            epochs.map(({ epoch, metrics, seconds: took }) => [
              `${epoch}${epoch === best?.epoch ? ' (best)' : ''}`,
              ...names.map((metric) => showValue(metrics[metric] ?? null)),
              showNumber(took),
            ]),
          ),
    ),
    ...section(
      'Problems',
      [...events.flatMap((event) => (event.type === 'warning' ? [event] : [])), ...problems].map(
        ({ message }) => `- ${line(message)}`,
      ),
    ),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
