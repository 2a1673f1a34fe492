import { build } from 'esbuild';
import { commonJsNames } from '../../scripts/commonJsNames.mjs';

/**
 * The child as one file that Node runs.
 * @param root of the repository, below which `outfile` is too: the child finds HDF5 and the decoder in its packages
 */
export async function buildChild(root: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/fuzz/child.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp', 'h5wasm', 'h5wasm/*'],
    banner: { js: commonJsNames },
    logLevel: 'warning',
  });
}
