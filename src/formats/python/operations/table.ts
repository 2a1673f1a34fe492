import type { Layer } from '../../../core/graph/layerGraph';
import { layerNamed } from '../../../core/graph/lookup';
import { tensorOf } from '../../../core/surgery/reach';
import type { Operation } from '../../../core/surgery/recipe';
import { t } from '../../../l10n/translate';
import { literal, list, text } from '../literal';
import { call, configOf, newLayer } from '../newLayer';
import { sayGraft } from './graft';
import { sayInputShape } from './inputShape';
import { sayReplace } from './replace';
import { newLayersOf, refuseOperation, unsaid, type Said, type Say, type Step } from './step';
import { layerCode, modelEndingIn, outputOf } from './tensors';
import { sayWarmStart } from './warmStart';

/** The words for each operation. */
const WORDS: { readonly [Op in Operation['op']]: Say<Op> } = {
  cut({ after: name }, step) {
    const { before, setting } = step;
    const last = layerNamed(before, name);
    const code = outputOf('model', before, last, setting.operations);
    return { lines: modelEndingIn(step, last, [{ tensor: tensorOf(before, last), code }]) };
  },

  append({ after: name }, step) {
    const { before, setting } = step;
    const last = layerNamed(before, name);
    const chain = newLayersOf(step);
    const end = chain.at(-1) ?? last;
    const tensor = { layer: end.id, call: 0, output: 0 };
    return {
      lines: [
        `x = ${outputOf('model', before, last, setting.operations)}`,
        ...chain.map((layer) => `x = ${newLayer(layer)}(x)`),
        ...modelEndingIn(step, last, [{ tensor, code: 'x' }]),
      ],
    };
  },

  insert({ between }, step) {
    const [from, to] = between.map(text);
    const chain = list(
      newLayersOf(step).map((layer) => newLayer(layer, ' '.repeat(12))),
      ' '.repeat(8),
    );
    const tuple = [from, to, chain].map((part) => `        ${part},`);
    return rebuilding('model = rebuild(', '    model,', '    between=(', ...tuple, '    ),', ')');
  },

  remove(operation, { before, after }) {
    const [had, has] = [before.outputs.length, after.outputs.length];
    if (had !== has) {
      const why = t(
        'it joins outputs of the model ({0} become {1}); cut the model down to one output first',
        had,
        has,
      );
      throw unsaid(operation, why);
    }
    return rebuilding(`model = rebuild(model, skip=${list(operation.layers.map(text))})`);
  },

  rename({ layer, to }, { before, setting }) {
    const renamed = layerNamed(before, layer);
    const isInput = renamed.kind === 'InputLayer';
    return {
      lines: [
        // A Sequential does not count its input among its layers; as a functional model it does.
        ...(isInput && before.sequential ? [FUNCTIONAL] : []),
        `${layerCode('model', renamed, setting.operations)}.name = ${text(to)}`,
      ],
    };
  },

  configure(operation, { before, after, setting }) {
    const [old, layer] = [layerNamed(before, operation.layer), layerNamed(after, operation.layer)];
    refuseOperation(operation, layer, setting);
    const changed = configOf(layer, changedKeys(old, layer));
    return rebuilding(
      `model = ${call('rebuild', ['model', `config=${literal({ [operation.layer]: changed })}`])}`,
    );
  },

  reinitialize: ({ layers }) => rebuilding(`model = rebuild(model, fresh=${list(layers.map(text))})`),

  replace: sayReplace,
  inputShape: sayInputShape,
  graft: sayGraft,
  warmStart: sayWarmStart,
};

/** An operation as Python. @throws Failure `PYTHON_…` for what a script cannot say */
export function say<Op extends Operation['op']>(operation: Extract<Operation, { op: Op }>, step: Step): Said {
  const words: Say<Op> = WORDS[operation.op as Op];
  return words(operation as Parameters<Say<Op>>[0], step);
}

const FUNCTIONAL = 'model = keras.Model(model.inputs, model.outputs[0], name=model.name)';

function rebuilding(...lines: readonly string[]): Said {
  return { lines, helpers: ['rebuild'] };
}

/** What a field's change brings with it (a padding that moves with a size) is in the normal form too. */
function changedKeys(before: Layer, { config }: Layer): readonly string[] {
  return Object.keys(config).filter(
    (key) => JSON.stringify(config[key]) !== JSON.stringify(before.config[key]),
  );
}
