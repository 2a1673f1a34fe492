import { Failure } from '../../core/failure';
import type { EngineName } from '../../core/plan/plan';
import type { EngineFound, EngineReport } from '../../protocol/engines';
import type { Cards } from './cards';
import { t } from '../../l10n/translate';

/** What was found of the machine. */
export interface Circumstances extends Cards {
  /** The files that describe Vulkan's drivers. */
  readonly vulkan: readonly string[];
}

type Advice = Pick<EngineReport, 'reason' | 'advice'>;

const TENSORFLOW_GPU = t(
  'in a Python environment, pip install "tensorflow[and-cuda]", see that its tf.config.list_physical_devices(\'GPU\') is not empty, then model-surgery engines install tensorflow --tensorflow that environment',
);

/** What to do about an engine, one line with the command: nothing where it is as good as it can be. */
export function adviceOn(name: EngineName, found: unknown, circumstances: Circumstances): Advice {
  if (name !== 'tensorflow' && name !== 'webgpu') return {};
  if (isFound(found)) return found.onGpu ? {} : unusedCard(name, circumstances);
  const code = found instanceof Failure ? found.code : '';
  if (code === 'ENGINE_NEEDS_NODE')
    return { advice: t('install Node 20.15 or later, and name it in the setting modelSurgery.nodePath') };
  if (name === 'webgpu' && code === 'ENGINE_UNAVAILABLE' && lacksVulkan(circumstances))
    return { advice: t('install a Vulkan driver: {0}', VULKAN) };
  if (code === 'ENGINE_NOT_INSTALLED' && name === 'tensorflow' && circumstances.cards.length > 0)
    return { advice: TENSORFLOW_GPU };
  return { advice: `model-surgery engines install ${name}` };
}

const VULKAN = t('apt-get install libvulkan1 mesa-vulkan-drivers, and for an NVIDIA card its own driver');

function lacksVulkan({ vulkan }: Circumstances): boolean {
  return process.platform === 'linux' && vulkan.length === 0;
}

/** What is said of an engine that works beside a card that it does not use. */
function unusedCard(name: 'tensorflow' | 'webgpu', circumstances: Circumstances): Advice {
  if (circumstances.cards.length === 0) return {};
  if (name === 'webgpu') {
    return {
      reason: t('it does not use the graphics card: Vulkan has no driver for it'),
      advice: t(
        "install the whole driver of the card's maker, with Vulkan: in a container, set NVIDIA_DRIVER_CAPABILITIES=all",
      ),
    };
  }
  return {
    reason: t('it does not use the graphics card: its TensorFlow has no CUDA, or finds not all of CUDA'),
    advice: TENSORFLOW_GPU,
  };
}

function isFound(found: unknown): found is EngineFound {
  return typeof found === 'object' && found !== null && 'onGpu' in found;
}
