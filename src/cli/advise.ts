import path from 'node:path';
import { recogniseBackbone } from '../core/backbone/recognise';
import { advisedLayers } from '../core/freeze/advisedLayers';
import { advise as adviceOn, type Advice, type Likeness } from '../core/freeze/advisor';
import { stagesOf } from '../core/graph/stages';
import { totalsOf } from '../core/summary/totals';
import { labelOf } from '../core/surgery/label';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { createReplayer } from '../core/surgery/replay';
import { fingerprintOf } from '../formats/fingerprint';
import { nameOfModel, openOperated, refuseFaults } from '../formats/operatedModel';
import { refuseWeightsOnly } from '../formats/refuseWeightsOnly';
import { writePlan } from '../formats/planFile';
import { writeRecipe } from '../formats/recipeFile';
import { refuseOverwrite } from '../formats/replaceFile';
import { planOfForm } from '../protocol/formPlan';
import { usage, type Arguments } from './arguments';
import type { Command } from './command';

const LIKENESSES: readonly Likeness[] = ['similar', 'different', 'unknown'];

export const advise: Command = {
  name: 'advise',
  operand: 'MODEL',
  does: 'suggest how to train a pretrained model on images: what to freeze, where to cut, at what rates',
  options: {
    images: { value: 'N', does: 'how many images there are to train on', required: true },
    classes: { value: 'K', does: 'how many classes they are of', required: true },
    like: {
      value: 'L',
      does: 'how like they are to what the model was trained on: similar, different, unknown',
      required: true,
    },
    'recipe-out': { value: 'R', does: 'write the surgery and the freeze rules to this recipe' },
    'plan-out': { value: 'P', does: 'write the training to this plan; needs --recipe-out and --data' },
    data: { value: 'DIR', does: 'the images that the plan trains on, a folder for each class' },
    force: { does: 'write over what is at R and P' },
  },
  async run(args, terminal) {
    const likeness = likenessIn(args);
    const files = filesIn(args);
    const model = await openOperated(args.operand);
    refuseWeightsOnly(model.file);
    refuseFaults(model);
    const advice = adviceOn(
      { layers: advisedLayers(model.graph, model.inference) },
      { images: args.count('images', 1), classes: args.count('classes', 1), likeness },
    );
    const recipe: Recipe = {
      ...EMPTY_RECIPE,
      operations: [...advice.operations],
      freeze: [...advice.freeze],
    };
    const { graph, inference } = createReplayer(model.file.graph)(recipe);
    const form = {
      ...{ dataFolder: files.data ?? '', batchSize: 32, seed: 42, validation: 0.2 },
      preprocess: preprocessOf(graph),
      ...advice.training,
    };
    const stages = [...stagesOf(graph, inference).values()];
    const plan = planOfForm(
      form,
      stages.reduce((most, stage) => Math.max(most, stage + 1), 0),
    );
    await write(path.resolve(args.operand), recipe, plan, files, args.flag('force'));
    const { all, trainable } = totalsOf(graph);
    const totals = { params: all.params, trainable: trainable.params };
    terminal.write(
      args.flag('json')
        ? `${JSON.stringify({ ...advice, phases: plan.phases, totals })}\n`
        : `${render(advice, plan.phases, totals)}\n`,
    );
    if (args.flag('json')) return 0;
    for (const file of [files.recipe, files.plan]) if (file !== undefined) terminal.write(`wrote ${file}\n`);
    return 0;
  },
};

/** Neither file is written where the other cannot be. @throws Failure `FILE_EXISTS` */
async function write(
  model: string,
  recipe: Recipe,
  { version, ...words }: ReturnType<typeof planOfForm>,
  files: ReturnType<typeof filesIn>,
  force: boolean,
): Promise<void> {
  if (files.recipe === undefined) return;
  await refuseOverwrite(files.recipe, force);
  if (files.plan !== undefined) await refuseOverwrite(files.plan, force);
  await writeRecipe(files.recipe, { ...recipe, base: { path: model, ...(await fingerprintOf(model)) } });
  if (files.plan === undefined) return;
  await writePlan(files.plan, {
    ...{ version, name: nameOfModel(model), model, recipe: files.recipe },
    ...words,
    out: path.join(path.dirname(files.plan), 'runs'),
  });
}

/** What the model was trained with, where that is known and a form has a word for it. */
function preprocessOf(graph: Parameters<typeof recogniseBackbone>[0]) {
  const preprocess = recogniseBackbone(graph)?.preprocess;
  return typeof preprocess === 'string' ? preprocess : 'unit';
}

function likenessIn(args: Arguments): Likeness {
  const asked = args.required('like');
  const known = LIKENESSES.find((likeness) => likeness === asked);
  if (known) return known;
  throw usage('OPTION_VALUE', `--like: found "${asked}", expected one of ${LIKENESSES.join(', ')}`);
}

/** Their paths absolute. @throws Failure for a plan whose model or data would not be there */
function filesIn(args: Arguments) {
  const [recipe, plan, data] = ['recipe-out', 'plan-out', 'data'].map((name) => {
    const file = args.text(name);
    return file === undefined ? undefined : path.resolve(file);
  });
  if (plan !== undefined && (recipe === undefined || data === undefined)) {
    throw usage('OPTION_MISSING', '--plan-out needs --recipe-out, whose model it trains, and --data');
  }
  return { recipe, plan, data };
}

type Phases = ReturnType<typeof planOfForm>['phases'];

function render(
  { words, operations }: Advice,
  phases: Phases,
  totals: { readonly params: number; readonly trainable: number },
): string {
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    words.title,
    words.what,
    `Why: ${words.why}`,
    `Risk: ${words.risk}`,
    `Normalization: ${words.batchNormalization}`,
    ...(words.doubt === undefined ? [] : [`In doubt: ${words.doubt}`]),
    ...operations.map((operation) => `Step: ${labelOf(operation)}`),
    ...phases.map(
      ({ epochs, optimizer }, place) =>
        `Phase ${place + 1}: ${epochs} epochs, ${optimizer.kind} at ${optimizer.learningRate}` +
        (place === 0 ? `; ${count(totals.trainable)} of ${count(totals.params)} parameters train` : ''),
    ),
  ].join('\n');
}
