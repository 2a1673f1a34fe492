import { fixtures, sampleOf, type Sample } from './sample';

export type DocumentName = 'recipe' | 'plan' | 'run';

/** Samples of what the product itself writes, and people by hand: recipes, plans and the folders of runs. */
export function documentSamples(root: string): Readonly<Record<DocumentName, readonly Sample[]>> {
  const { folder } = fixtures(root);
  const runs = ['2026-11-22T09-49-18Z-digits-frozen-3', '2026-11-22T09-49-56Z-digits-frozen-0'].map((name) =>
    folder(`runs/${name}`),
  );
  return {
    recipe: RECIPES.map((recipe, at) => json(`recipe ${at + 1}`, 'model.surgery.json', recipe)),
    plan: PLANS.map((plan, at) => json(`plan ${at + 1}`, 'model.plan.json', plan)),
    run: runs.map(shorter),
  };
}

const json = (name: string, file: string, value: unknown) =>
  sampleOf(name, file, { [file]: Buffer.from(JSON.stringify(value)) });

const base = { path: 'sequential.h5', sha256: '0'.repeat(64), bytes: 1000 };

/** Every operation and every rule, of the layers of `keras3/sequential.h5`. */
const RECIPES = [
  {
    version: 1,
    base,
    operations: [
      { op: 'cut', after: 'flat' },
      {
        op: 'append',
        after: 'flat',
        layers: [
          { kind: 'Dropout', name: 'rest', config: { rate: 0.2 } },
          { kind: 'Dense', name: 'predictions', config: { units: 5, activation: 'softmax' } },
        ],
      },
      { op: 'insert', between: ['rest', 'predictions'], layers: [{ kind: 'BatchNormalization' }] },
      { op: 'rename', layer: 'rest', to: 'dropped' },
      { op: 'configure', layer: 'predictions', config: { units: 7 } },
    ],
    freeze: [{ match: { upTo: 'flat' } }, { match: { kind: 'BatchNormalization' }, trainable: true }],
  },
  {
    version: 2,
    base,
    operations: [
      { op: 'remove', layers: ['norm'], disabled: true },
      { op: 'replace', layer: 'classes', with: { kind: 'Dense', config: { units: 3 } } },
      { op: 'reinitialize', layers: ['conv'] },
      { op: 'remove', layers: ['drop'] },
      { op: 'inputShape', shape: [16, 16, 3] },
    ],
    freeze: [
      { match: { regex: 'conv|^n' }, trainable: true, learningRateMultiplier: 0.1 },
      { match: { names: ['classes'] } },
      { match: { stages: 1 } },
      { match: { from: 'flat' }, trainable: true },
    ],
    freezeSets: { head: [{ match: { all: true } }], group: [{ match: { group: 'block1' } }] },
  },
  {
    version: 2,
    operations: [
      { op: 'graft', donor: { path: 'other.h5', bytes: 10 }, from: 'a', to: 'b', after: 'flat' },
      { op: 'warmStart', from: 'other.h5', match: 'conv[12]', map: { conv: 'block1_conv1' } },
    ],
  },
];

const adam = { kind: 'adam', learningRate: 1e-5 };

const PLANS = [
  {
    ...{ version: 2, name: 'flowers', model: 'm.h5', recipe: 'm.surgery.json' },
    data: {
      ...{ kind: 'images', train: 'flowers', validation: 0.2, size: [224, 224], preprocess: 'tf' },
      augment: { flip: 'horizontal', rotate: 0.1, zoom: 0.1, copies: 2 },
    },
    phases: [
      {
        epochs: 5,
        optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true },
        schedule: { kind: 'cosine', warmup: { epochs: 1 } },
      },
      { epochs: 10, optimizer: adam, freeze: [{ match: { stages: 3 } }], batchNorm: 'inference' },
    ],
    ...{ batchSize: 32, shuffle: true, seed: 42, loss: 'sparseCategoricalCrossentropy' },
    ...{ metrics: ['accuracy', 'top5'], labelSmoothing: 0.1, classWeights: { cat: 2 } },
    earlyStopping: { monitor: 'val_accuracy', patience: 8, restoreBest: true },
    checkpoint: { every: 5, keep: 3 },
    ...{ tensorboard: true, cacheFeatures: { memoryMB: 10, diskMB: 20 }, engine: 'auto', out: 'runs' },
  },
  ...[
    { kind: 'table', train: 't.csv', columns: ['path', 'label'], header: true },
    { kind: 'arrays', x: 'x.npy', y: 'y.npy', validation: { x: 'vx.npy', y: 'vy.npy' } },
    { kind: 'idx', images: 'i', labels: 'l' },
    { kind: 'cifar', train: 'cifar', validation: 'test' },
  ].map((data) => ({ version: 1, model: 'm.keras', data, phases: [{ epochs: 1, optimizer: adam }] })),
];

const time = 1_795_340_959_000;
const at = { time, epoch: 1, step: 10 };

/** What the runs of the fixtures had no reason to write. */
const RARE = [
  { type: 'checkpoint', ...at, folder: 'checkpoints/epoch-0001', reason: 'best' },
  { type: 'paused', ...at },
  { type: 'resumed', ...at, checkpoint: 'checkpoints/epoch-0001', epochs: 5 },
  { type: 'learningRate', ...at, learningRate: 0.01 },
  { type: 'earlyStop', ...at, monitor: 'val_loss', best: 0.1, bestEpoch: 1 },
  { type: 'restored', time, epoch: 1, monitor: 'val_loss', value: 0.1 },
  { type: 'warning', time, code: 'NOT_FINITE', message: 'loss: found NaN' },
];

/** A run with every tenth of its steps, and with an event of each type. */
function shorter({ name, open, files }: Sample): Sample {
  const content = Object.fromEntries(files);
  const lines = Buffer.from(content['events.jsonl']!).toString().trimEnd().split('\n');
  const kept = lines.filter((line, index) => !line.includes('"type":"step"') || index % 10 === 0);
  const events = [...kept.slice(0, -1), ...RARE.map((event) => JSON.stringify(event)), ...kept.slice(-1)];
  return sampleOf(name, open, {
    ...content,
    'events.jsonl': Buffer.from(`${events.join('\n')}\n`),
    'notes.json': Buffer.from(JSON.stringify({ version: 1, name: 'the best', tags: ['a', 'b'] })),
  });
}
