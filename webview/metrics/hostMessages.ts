import {
  byField,
  isBoolean,
  isCount,
  isList,
  isObject,
  isOneOf,
  isString,
  listOf,
  messageWith,
  orAbsent,
  orNull,
  withFields,
} from '../../src/protocol/checks';
import type { PackedSteps } from '../../src/protocol/packedSteps';
import type { HostToRunPanel } from '../../src/protocol/runPanel';

type ToPage<Type extends HostToRunPanel['type']> = Extract<HostToRunPanel, { readonly type: Type }>;

const isStatus = isOneOf('starting', 'running', 'finished', 'stopped', 'failed', 'lost');
const isWrong = withFields<{ readonly code: string; readonly message: string }>({
  code: isString,
  message: isString,
});

/** What the host tells the run panel, checked by its page as far as it is told apart: events were checked where they were read. */
export const isHostToRunPanel = byField<'type', HostToRunPanel>('type', {
  runs: messageWith<ToPage<'runs'>>({
    protocol: isCount,
    runs: isList,
    shown: orNull(isString),
    place: orAbsent(isOneOf('panel', 'tab')),
  }),
  history: messageWith<ToPage<'history'>>({
    run: isObject,
    events: isList,
    steps: orAbsent<PackedSteps>(isObject),
    before: orAbsent<readonly number[]>(isList),
    continues: orAbsent(isBoolean),
    more: orAbsent(isBoolean),
  }),
  events: messageWith<ToPage<'events'>>({ id: isString, status: isStatus, events: isList }),
  machine: messageWith<ToPage<'machine'>>({ id: isString, machine: isObject }),
  health: messageWith<ToPage<'health'>>({ id: isString, health: isObject }),
  judging: messageWith<ToPage<'judging'>>({ id: isString, done: isCount, samples: orNull(isCount) }),
  judged: messageWith<ToPage<'judged'>>({ id: isString, judgement: isObject }),
  notJudged: messageWith<ToPage<'notJudged'>>({
    id: isString,
    reason: (value): value is ToPage<'notJudged'>['reason'] =>
      value === 'notYet' || value === 'noModel' || isWrong(value),
  }),
  pictures: messageWith<ToPage<'pictures'>>({ id: isString, pictures: isList }),
  predicting: messageWith<ToPage<'predicting'>>({ id: isString, images: isCount }),
  predictedImages: messageWith<ToPage<'predictedImages'>>({ id: isString, images: isList, left: isCount }),
  notPredicted: messageWith<ToPage<'notPredicted'>>({ id: isString, reason: orAbsent(isWrong) }),
  openComparison: messageWith<ToPage<'openComparison'>>({
    ids: listOf(isString),
    grows: orAbsent(isBoolean),
  }),
  series: messageWith<ToPage<'series'>>({ series: isList }),
  comparedHistory: messageWith<ToPage<'comparedHistory'>>({
    id: isString,
    events: isList,
    before: isList,
    steps: isObject,
    continues: isBoolean,
    more: isBoolean,
  }),
  comparedEvents: messageWith<ToPage<'comparedEvents'>>({ id: isString, status: isStatus, events: isList }),
  comparison: messageWith<ToPage<'comparison'>>({
    ids: listOf(isString),
    comparison: isObject,
    monitors: listOf(isString),
  }),
  notCompared: messageWith<ToPage<'notCompared'>>({ id: isString, message: isString }),
});
