import {
  byField,
  isBoolean,
  isCount,
  isList,
  isObject,
  isString,
  messageWith,
  orAbsent,
  orNull,
  withFields,
  type Check,
} from '../../../src/protocol/checks';
import type { DatasetView, HostToEditor } from '../../../src/protocol/editor';

type ToPage<Type extends HostToEditor['type']> = Extract<HostToEditor, { readonly type: Type }>;

const isWrong = withFields<{ readonly code: string; readonly message: string }>({
  code: isString,
  message: isString,
});

/** What the host tells the editor, checked by its page as far as it is told apart: values inside are the model's. */
export const isHostToEditor = byField<'type', HostToEditor>('type', {
  model: messageWith<ToPage<'model'>>({ protocol: isCount, model: isObject }),
  packedModel: messageWith<ToPage<'packedModel'>>({ protocol: isCount, model: isObject }),
  modelChange: messageWith<ToPage<'modelChange'>>({ change: isObject }),
  loading: messageWith<ToPage<'loading'>>({ file: isString }),
  unreadable: messageWith<ToPage<'unreadable'>>({ code: isString, message: isString }),
  refused: messageWith<ToPage<'refused'>>({ code: isString, message: isString, layer: orAbsent(isString) }),
  training: messageWith<ToPage<'training'>>({
    form: isObject,
    dataset: orNull<DatasetView>(isObject),
    running: isBoolean,
  }),
  planProblem: messageWith<ToPage<'planProblem'>>({ problem: orNull(isString) }),
  summary: messageWith<ToPage<'summary'>>({ text: isString }),
  base: messageWith<ToPage<'base'>>({ model: isObject }),
  inspection: messageWith<ToPage<'inspection'>>({ inspection: isObject }),
  filters: messageWith<ToPage<'filters'>>({
    layer: isString,
    weight: isString,
    channel: isCount,
    filters: orNull<NonNullable<ToPage<'filters'>['filters']>>(isObject),
  }),
  spreads: messageWith<ToPage<'spreads'>>({
    spreads: isObject,
    measured: isCount,
    total: isCount,
    done: isBoolean,
    noMovement: orAbsent(isString),
    problem: orAbsent(isString),
  }),
  previewed: (value): value is ToPage<'previewed'> =>
    isObject<Partial<Record<'request' | 'totals' | 'frozen' | 'problem', unknown>>>(value) &&
    isCount(value.request) &&
    (value.problem === undefined ? isObject(value.totals) && isList(value.frozen) : isWrong(value.problem)),
  command: messageWith<ToPage<'command'>>({ command: isString as Check<ToPage<'command'>['command']> }),
  kinds: messageWith<ToPage<'kinds'>>({ kinds: isList }),
  openModels: messageWith<ToPage<'openModels'>>({ models: isList }),
  donor: messageWith<ToPage<'donor'>>({ donor: isObject }),
  step: messageWith<ToPage<'step'>>({ at: isCount, operation: isObject, model: isObject }),
  heads: messageWith<ToPage<'heads'>>({ heads: isList }),
});
