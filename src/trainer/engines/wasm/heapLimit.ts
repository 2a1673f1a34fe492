import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Failure } from '../../../core/failure';
import { t } from '../../../l10n/translate';

const guarded = new WeakSet<BackendWasm>();

/**
 * Lets an allocation that fails be an error. C's `malloc` answers 0 where the heap cannot grow (4 GiB is all that
 * WebAssembly's addresses reach), the backend asks nobody, and would write tensors over whatever begins at address 0.
 *
 * @returns nothing; from then on allocations throw a Failure of kind `work` (`OUT_OF_MEMORY`)
 */
export function refuseFullHeap(backend: BackendWasm): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const { wasm } = backend;
  // The module puts another function in its own place when it is first called.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    const held = Math.round(wasm.HEAPU8.length / 2 ** 20);
    throw new Failure(
      'work',
      'OUT_OF_MEMORY',
      t(
        'engine wasm: found no room for {0} bytes more in its heap of {1} MB, which cannot grow',
        bytes,
        held,
      ),
    );
  };
}
