import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** What runs keep for later runs, kept from one run of the tests to no other: they are to compute what they test. */
const features = path.join(tmpdir(), `model-surgery-features-${process.pid}`);
process.on('exit', () => rmSync(features, { recursive: true, force: true }));

const project = (name: string, include: string[], timeout: number) => ({
  test: {
    name,
    include,
    testTimeout: timeout,
    hookTimeout: timeout,
    pool: 'forks' as const,
    env: { MODEL_SURGERY_CACHE: features },
    // What a test waits for may take long on a busy machine; the default is a second.
    expect: { poll: { timeout: Math.min(timeout / 2, 30_000) } },
  },
});

/** `unit` needs nothing but node_modules; the others what `scripts/setup.mjs` installs and `dist/`. */
export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'], 30_000),
      project('trainer', ['test/trainer/**/*.test.ts'], 240_000),
      project('parity', ['test/parity/**/*.test.ts'], 300_000),
      project('webview', ['test/webview/**/*.test.ts'], 120_000),
      project('vscode', ['test/vscode/**/*.test.ts'], 300_000),
      // Of the suite a part that takes long, run by itself: `npm run proof`.
      project('proof', ['test/parity/**/*.proof.ts'], 1_800_000),
    ],
  },
});
