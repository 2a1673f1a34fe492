/** The parts of WebGPU that are read here, as Dawn has them. */

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** The card's name, or with some drivers the driver's. */
  readonly description: string;
  /** The adapter computes on the processor. */
  readonly isFallbackAdapter?: boolean;
}

export interface Gpu {
  requestAdapter(options?: {
    readonly powerPreference?: 'high-performance';
  }): Promise<{ readonly info: AdapterInfo } | null>;
}

/** Drivers that compute on the processor, by what they call themselves: Google's, Mesa's, Microsoft's. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|\bwarp\b/i;

export function isSoftware({ architecture, device, description, isFallbackAdapter }: AdapterInfo): boolean {
  return (
    isFallbackAdapter === true || [architecture, device, description].some((text) => SOFTWARE.test(text))
  );
}

/** For people: `NVIDIA H200 (hopper)`. */
export function nameOf({ vendor, architecture, device, description }: AdapterInfo): string {
  const name = [description, device, vendor].find((text) => text !== '') ?? 'an adapter without a name';
  return architecture === '' || name.toLowerCase().includes(architecture.toLowerCase())
    ? name
    : `${name} (${architecture})`;
}
