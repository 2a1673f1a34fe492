import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], timeout: number) => ({
  test: { name, include, testTimeout: timeout, hookTimeout: timeout, pool: 'forks' as const },
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
    ],
  },
});
