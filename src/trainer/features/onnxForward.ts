import { availableParallelism } from 'node:os';
import { Failure } from '../../core/failure';
import { encodeOnnx } from '../../formats/onnx/write';
import type { Computable } from '../program/fold';
import type { Forward } from './forward';
import { t } from '../../l10n/translate';

/**
 * With its version.
 * @throws Failure of kind `work` (`ONNX_RUNTIME`) where the library does not load here
 */
export async function onnxRuntimeName(): Promise<string> {
  const { env } = await loadRuntime();
  return `ONNX Runtime ${env.versions.node}`;
}

/**
 * On ONNX Runtime's own kernels and threads, from our own export of the model.
 * @throws Failure `ONNX_LAYER` for a layer that ONNX cannot say, and of kind `work` (`ONNX_RUNTIME`) where the library does
 * not load here or does not take the model
 */
export async function onnxForward(model: Computable): Promise<Forward> {
  const bytes = await encodeOnnx(model);
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: availableParallelism(),
    // What it warns of, such as a constant that it folds, is for those who write runtimes.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw runtimeFailure(t('ONNX Runtime does not take the model'), cause);
  });
  return {
    run: async (inputs) => {
      const feeds = inputs.map(({ data, shape }, index) => [
        session.inputNames[index],
        new Tensor('float32', data, shape),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds)).catch((cause: unknown) => {
        throw runtimeFailure(t('ONNX Runtime did not compute'), cause);
      });
      return session.outputNames.map((name) => {
        const { data, dims } = outputs[name];
        if (!(data instanceof Float32Array))
          throw runtimeFailure(t('ONNX Runtime put out no numbers as {0}', name));
        return { data, shape: dims };
      });
    },
    dispose: () => session.release(),
  };
}

/** Loaded with the first features: it is native code, which most commands do not need. */
async function loadRuntime() {
  try {
    const { default: runtime } = await import('onnxruntime-node');
    return runtime;
  } catch (cause) {
    throw runtimeFailure(t('ONNX Runtime does not load on {0}-{1}', process.platform, process.arch), cause);
  }
}

/** ONNX Runtime does not do what it should, and something else must. */
export function runtimeFailure(what: string, cause?: unknown): Failure {
  const reason = cause instanceof Error ? `: ${cause.message.split('\n')[0]}` : '';
  return new Failure('work', 'ONNX_RUNTIME', `${what}${reason}`, { cause });
}
