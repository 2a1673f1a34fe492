/**
 * Everything that must hold, in the order in which a mistake is cheapest: types, lint, format, unit tests, the real
 * trainer, real Keras, real browser, real VS Code. With `CI` set nothing may be skipped; elsewhere the comparison
 * with Keras is left out, and said, where Python is missing.
 *
 *   node scripts/test.mjs [stage …]      all stages, or those named
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as setup from './setup.mjs';
import { cache, root, SetupError } from './steps.mjs';

const ci = Boolean(process.env.CI);
const results = path.join(cache, 'test-results');
const tool = (file) => path.join(root, 'node_modules', file);
/**
 * How many files of a stage run at once. Programs that are watched while they run share a machine badly; what only computes
 * does not mind, but each file of `parity` may have a TensorFlow of its own beside it.
 */
const AT_ONCE = { unit: ['--maxWorkers', '100%'], parity: ['--maxWorkers', '2'] };
const totals = { passed: 0, failed: 0, skipped: 0 };
/** A line for each test that failed, said again at the end, where whoever looks at the output looks first. */
const failures = [];

function run(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tool(file), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** One vitest project; its counts are added to the totals. */
async function vitest(project) {
  const report = path.join(results, `${project}.json`);
  const ok = await run('vitest/vitest.mjs', [
    'run',
    ...['--project', project, '--reporter', 'default', '--reporter', 'json', '--outputFile.json', report],
    ...(AT_ONCE[project] ?? ['--no-file-parallelism']),
  ]);
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += counts.numPassedTests;
  totals.failed += counts.numFailedTests;
  totals.skipped += counts.numPendingTests + counts.numTodoTests;
  for (const { name, assertionResults, message } of counts.testResults) {
    const file = path.relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failed)
      failures.push(`${file}: ${fullName}: ${firstLine(failureMessages[0])}`);
    if (failed.length === 0 && message) failures.push(`${file}: ${firstLine(message)}`);
  }
  return ok && counts.numTotalTests > 0;
}

const firstLine = (message = '') => message.split('\n')[0].slice(0, 300);

const stages = {
  types: () => run('typescript/bin/tsc', ['--noEmit']),
  lint: () => run('eslint/bin/eslint.js', ['.', '--max-warnings', '0']),
  format: () => run('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  unit: () => vitest('unit'),
  trainer: () => vitest('trainer'),
  parity: async () => {
    try {
      await setup.setUpPython();
    } catch (error) {
      if (ci || !(error instanceof SetupError)) throw error;
      console.log(
        `parity: left out, since there is no Keras to compare with (${error.message.split('\n')[0]})`,
      );
      return true;
    }
    // Its software driver is what WebGPU computes by here.
    await setup.setUpChromium();
    return vitest('parity');
  },
  webview: async () => {
    await setup.setUpChromium();
    return vitest('webview');
  },
  vscode: async () => {
    await setup.setUpChromium();
    await setup.setUpTestbed();
    return vitest('vscode');
  },
};

await setup.runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in stages));
  if (unknown.length > 0)
    throw new SetupError(`no stage "${unknown[0]}": there are ${Object.keys(stages).join(', ')}`);
  await setup.setUpPackages();
  await setup.setUpBuild();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const broken = [];
  for (const [name, stage] of Object.entries(stages)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = Date.now();
    console.log(`\n── ${name}`);
    const ok = await stage();
    console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
    if (!ok) broken.push(name);
  }
  if (ci && totals.skipped > 0) broken.push(`${totals.skipped} skipped tests`);
  if (broken.length > 0) {
    console.log(`\nfailed: ${broken.join(', ')}`);
    for (const failure of failures) console.log(`  ${failure}`);
    process.exitCode = 1;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
});
