/**
 * Shows the product on the sample workspace, from a fresh clone.
 *
 *   node scripts/demo.mjs              a real VS Code on a port of this machine; prints the address
 *   node scripts/demo.mjs --headless   the same job through the command line, on the wasm engine
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as setup from './setup.mjs';
import { root, SetupError } from './steps.mjs';
import { startTestbed } from './testbed.mjs';

/** A copy of the samples, so that the demo leaves the clone as it was. */
function copySamples() {
  const workspace = path.join(mkdtempSync(path.join(os.tmpdir(), 'model-surgery-demo-')), 'digits');
  cpSync(path.join(root, 'samples'), workspace, {
    recursive: true,
    filter: (file) => !/[\\/](scripts|runs)$/.test(file),
  });
  return workspace;
}

async function showVsCode() {
  await setup.setUpTestbed();
  const workspace = copySamples();
  const port = Number(process.env.PORT ?? 0) || undefined;
  const server = await startTestbed({ workspace, port, settings: { 'workbench.reduceMotion': 'auto' } });
  console.log(`VS Code with Model Surgery: ${server.url}`);
  console.log('Right-click digits-0-4.h5 in the Explorer and choose Fine-tune. Ctrl+C here ends it.');
  const stop = () => server.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await server.ended;
}

function cli(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], {
      stdio: ['inherit', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve(output)
        : reject(new SetupError(`model-surgery ${args[0]} ended with ${code}: ${output.trim()}`)),
    );
  });
}

/** Keras's transfer experiment: keep the features of 0-4, graft a head for 5-9, train the head alone. */
const RECIPE = {
  version: 1,
  operations: [
    { op: 'cut', after: 'flatten' },
    {
      op: 'append',
      after: 'flatten',
      layers: [
        { kind: 'Dense', name: 'new_hidden', config: { units: 64, activation: 'relu' } },
        { kind: 'Dropout', name: 'new_dropout', config: { rate: 0.2 } },
        { kind: 'Dense', name: 'new_predictions', config: { units: 5, activation: 'softmax' } },
      ],
    },
  ],
  freeze: [{ match: { upTo: 'flatten' } }],
};

const PLAN = {
  version: 1,
  name: 'digits-5-9',
  model: 'digits-0-4.h5',
  recipe: 'digits-0-4.surgery.json',
  data: { kind: 'images', train: 'digits-5-9', validation: 0.2, preprocess: 'unit' },
  phases: [{ epochs: 8, optimizer: { kind: 'adam', learningRate: 0.001 } }],
  batchSize: 32,
  seed: 42,
  metrics: ['accuracy', 'top5'],
  engine: 'wasm',
};

async function trainHeadless() {
  const workspace = copySamples();
  const at = (name) => path.join(workspace, name);
  writeFileSync(at('digits-0-4.surgery.json'), JSON.stringify(RECIPE, null, 2));
  writeFileSync(at('digits-0-4.plan.json'), JSON.stringify(PLAN, null, 2));
  console.log(await cli(['summary', at('digits-0-4.h5'), '--recipe', at('digits-0-4.surgery.json')]));
  const lines = (await cli(['train', at('digits-0-4.plan.json'), '--json'])).trim().split('\n');
  const epochs = lines.map((line) => JSON.parse(line)).filter((event) => event.type === 'epoch');
  for (const { epoch, metrics, seconds } of epochs) {
    const percent = (value) => `${(100 * value).toFixed(1)} %`;
    console.log(
      `epoch ${epoch}: loss ${metrics.loss.toFixed(4)}, accuracy ${percent(metrics.accuracy)}, ` +
        `on held-out images ${percent(metrics.val_accuracy)} (${seconds.toFixed(1)} s)`,
    );
  }
  const runs = path.join(workspace, 'runs');
  const model = path.join(runs, readdirSync(runs).sort().at(-1), 'model');
  const top = await cli([
    'predict',
    path.join(model, 'model.h5'),
    '--input',
    at('digits-5-9/7/0000.png'),
    '--top',
    '3',
  ]);
  console.log(`\n${top.trim()}\n`);
  console.log(`accuracy on held-out digits 5-9: ${(100 * epochs.at(-1).metrics.val_accuracy).toFixed(1)} %`);
  console.log(`model: ${model}`);
}

await setup.runScript(async () => {
  await setup.setUpPackages();
  await setup.setUpBuild();
  await (process.argv.includes('--headless') ? trainHeadless() : showVsCode());
});
