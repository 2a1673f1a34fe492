import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../../core/failure';
import { isSoftware, nameOf, type AdapterInfo, type Gpu } from './adapter';
import { broken, libraryOf, packageFolder, type DawnInstallation } from './installation';
import { t } from '../../../l10n/translate';

export interface OpenWebgpu {
  /** `NVIDIA H200 (hopper)`. */
  readonly name: string;
  readonly onGpu: boolean;
}

interface Dawn {
  create(flags: readonly string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** What of the backend's device is listened to; TensorFlow.js keeps it to itself. */
interface Device {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string } }) => void,
  ): void;
}

/**
 * Gives this process WebGPU and makes it known to TensorFlow.js, whose backend looks for it when it loads. The process
 * does not end by itself from here on.
 *
 * @throws Failure of kind `work`: `ENGINE_NEEDS_NODE` inside Electron, `ENGINE_UNAVAILABLE`
 */
export async function loadWebgpu(installation: DawnInstallation): Promise<OpenWebgpu> {
  requireNode();
  const gpu = await gpuOf(installation);
  // The one that the backend asks for.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noAdapter();
  await import('@tensorflow/tfjs-backend-webgpu');
  return describe(adapter.info);
}

/** Dawn tells of what went wrong on the card beside the computation, which goes on with noughts: here it ends. */
export function endOnDeviceErrors(): void {
  const { device } = tf.backend() as unknown as { readonly device: Device };
  const fail = (message: string) => {
    const [line = ''] = message.split('\n');
    throw new Failure(
      'work',
      /out of memory|allocat|max buffer size/i.test(message) ? 'OUT_OF_MEMORY' : 'ENGINE_FAILED',
      t(
        'engine webgpu: the card refused a computation: {0}; use a smaller batch size, or update the driver',
        line.trim(),
      ),
    );
  };
  // Once a device: opening the engine again finds the same one.
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', ({ error }) => fail(error.message));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fail(t('the device was lost: {0}', message));
  });
}

const watched = new WeakSet<Device>();

/** Dawn's addon makes buffers of memory that is not V8's own, which Electron forbids. */
function requireNode(electron = process.versions.electron): void {
  if (electron === undefined) return;
  throw new Failure(
    'work',
    'ENGINE_NEEDS_NODE',
    t(
      'engine webgpu: found the Node inside Electron {0}, expected a Node of its own; install Node 20.15 or later from nodejs.org, and name it in the setting modelSurgery.nodePath where it is not on the PATH',
      electron,
    ),
  );
}

let opened: { readonly folder: string; readonly gpu: Gpu } | undefined;

async function gpuOf({ folder }: DawnInstallation): Promise<Gpu> {
  if (opened?.folder === folder) return opened.gpu;
  const entry = path.join(packageFolder(folder), 'index.js');
  let dawn: Dawn;
  try {
    dawn = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as Dawn;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw broken(libraryOf(folder), t('engine webgpu did not load: {0}', reason), cause);
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  // Node 21 and later has a navigator, without WebGPU.
  const target = (globalThis as { navigator?: object }).navigator;
  if (target) Object.defineProperty(target, 'gpu', { value: gpu, configurable: true });
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  opened = { folder, gpu };
  return gpu;
}

function noAdapter(): Failure {
  const wanted =
    process.platform === 'linux'
      ? t(
          "a Vulkan driver of the card and libvulkan.so.1; install them, as with apt-get install libvulkan1 and the driver of the card's maker (mesa-vulkan-drivers for AMD and Intel)",
        )
      : t("a card with a driver; update the driver of the card's maker");
  return new Failure(
    'work',
    'ENGINE_UNAVAILABLE',
    t('engine webgpu: found no graphics card, expected {0}', wanted),
  );
}

function describe(info: AdapterInfo): OpenWebgpu {
  return { name: nameOf(info), onGpu: !isSoftware(info) };
}
