import { t } from '../../l10n/translate';
import type { InboundNode, NamedTensor } from './inboundNode';
import type { JsonRecord } from './json';

/** Calls of a layer in the order that its kind takes tensors, and what the calls say beside tensors. */
export interface ArrangedCalls {
  readonly calls: readonly InboundNode[];
  /** Goes into the configuration, where a layer graph keeps it. */
  readonly config: JsonRecord;
  /** Why the calls cannot be understood. */
  readonly opaque?: string;
}

/** Which of a layer's tensors an argument is, by its rank among them, or of which of them it is the mask. */
type Role = { readonly input: number } | { readonly maskOf: number };

type Signature = (place: string) => Role | undefined;

const QUERY_NAMES = ['query', 'value', 'key', 'attention_mask'];

/** `layer(query, value, key=None)`, masks by name. */
const queried: Signature = (place) => {
  const input = QUERY_NAMES.indexOf(QUERY_NAMES[Number(place)] ?? place);
  if (input >= 0 && place !== '3') return { input };
  const mask = ['query_mask', 'value_mask', 'key_mask'].indexOf(place);
  return mask >= 0 ? { maskOf: mask } : undefined;
};

/** `layer([query, value, key], mask=[…])`. */
const listed: Signature = (place) => {
  const [argument, index] = place.split('.');
  if (index === undefined) return undefined;
  if (argument === '0' || argument === 'inputs') return { input: Number(index) };
  return argument === 'mask' || argument === '1' ? { maskOf: Number(index) } : undefined;
};

/** `layer(sequence, initial_state=[…], mask=…)`; Keras 2 lists a sequence with its states. */
const stepwise: Signature = (place) => {
  const [argument, index = '0'] = place.split('.');
  if (argument === '0' || argument === 'sequences' || argument === 'inputs') return { input: Number(index) };
  if (argument === 'initial_state' || argument === '1') return { input: 1 + Number(index) };
  return argument === 'mask' ? { maskOf: 0 } : undefined;
};

const SIGNATURES: Readonly<Record<string, Signature>> = {
  MultiHeadAttention: queried,
  GroupQueryAttention: queried,
  Attention: listed,
  AdditiveAttention: listed,
  SimpleRNN: stepwise,
  LSTM: stepwise,
  GRU: stepwise,
  ConvLSTM1D: stepwise,
  ConvLSTM2D: stepwise,
  ConvLSTM3D: stepwise,
  RNN: stepwise,
  Bidirectional: stepwise,
  TimeDistributed: stepwise,
  GlobalAveragePooling1D: stepwise,
  Softmax: stepwise,
  BatchNormalization: stepwise,
};

const FLAGS = ['use_causal_mask', 'return_attention_scores'];

/** Sorts the tensors of calls whose arguments have names, and takes over what the names of others say. */
export function arrangeCalls(className: string, calls: readonly InboundNode[]): ArrangedCalls {
  const signature = Object.hasOwn(SIGNATURES, className) ? SIGNATURES[className] : undefined;
  if (!signature) return { calls, config: {} };
  const arranged = calls.map((call) => arrange(signature, call));
  const opaque = arranged.find((call) => call.opaque !== undefined)?.opaque;
  if (opaque !== undefined) return { calls, config: {}, opaque };
  const [config = {}, ...others] = arranged.map((call) => call.config);
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(config))) {
    return { calls, config: {}, opaque: t('it is called with other arguments each time') };
  }
  return { calls: arranged.map(({ call }) => call), config };
}

interface ArrangedCall {
  readonly call: InboundNode;
  readonly config: JsonRecord;
  readonly opaque?: string;
}

function arrange(signature: Signature, call: InboundNode): ArrangedCall {
  const inputs: { readonly rank: number; readonly tensor: NamedTensor }[] = [];
  const masks: { readonly of: number; readonly tensor: NamedTensor }[] = [];
  for (const [index, tensor] of call.inputs.entries()) {
    const place = call.places?.[index] ?? String(index);
    const role = signature(place);
    if (!role)
      return { call, config: {}, opaque: t('it is called with the argument {0}, which is not known', place) };
    if ('input' in role) inputs.push({ rank: role.input, tensor });
    else masks.push({ of: role.maskOf, tensor });
  }
  inputs.sort((a, b) => a.rank - b.rank);
  const ranks = inputs.map(({ rank }) => rank);
  const attends = signature === queried || signature === listed;
  const flags = attends ? FLAGS.filter((flag) => call.extras.includes(`${flag}=true`)) : [];
  const isFlag = (extra: string) => attends && FLAGS.some((flag) => extra.startsWith(`${flag}=`));
  return {
    call: {
      inputs: [...inputs, ...masks].map(({ tensor }) => tensor),
      extras: call.extras.filter((extra) => !isFlag(extra)),
      ...(masks.length > 0 && { maskOf: masks.map(({ of }) => ranks.indexOf(of)) }),
    },
    config: {
      ...Object.fromEntries(flags.map((flag) => [flag, true])),
      ...(signature === queried &&
        ranks.some((rank, index) => rank !== index || rank > 2) && {
          call_inputs: ranks.map((rank) => QUERY_NAMES[rank]),
        }),
    },
  };
}
