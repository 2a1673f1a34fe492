/**
 * The packages that are made, and what each ships beside the bundles in `dist/node_modules`: code that finds native or
 * WebAssembly parts beside itself and so cannot be bundled. Built-ins only: the build reads this too.
 */

/** As VS Code names them. Other systems (Alpine's, 32-bit ones) take the universal package. */
export const PLATFORMS = [
  ...['linux-x64', 'linux-arm64'],
  ...['darwin-x64', 'darwin-arm64'],
  ...['win32-x64', 'win32-arm64'],
];

/** Without native parts: images decode in WebAssembly, features are computed by the engine. */
export const UNIVERSAL = 'universal';

export const TARGETS = [...PLATFORMS, UNIVERSAL];

/** What the machine that asks runs on. */
export function targetHere() {
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  const here = `${process.platform}-${process.arch}`;
  return !musl && PLATFORMS.includes(here) ? here : UNIVERSAL;
}

/** ONNX Runtime has no library for Macs with Intel's processors: the trainer computes features with its engine there. */
const WITHOUT_ONNX_RUNTIME = ['darwin-x64', UNIVERSAL];

const MANIFEST_AND_LICENCE = 'package\\.json|LICEN[CS]E[^/]*';
const files = (...patterns) => new RegExp(`^(${[MANIFEST_AND_LICENCE, ...patterns].join('|')})$`);

/** The image decoder's own code, the same everywhere. */
const DECODER = [
  { name: 'sharp', files: files('dist/\\w+\\.[cm]js') },
  { name: 'detect-libc', files: files('lib/[\\w-]+\\.js'), of: 'sharp' },
  {
    name: 'semver',
    files: files('index\\.js', '(classes|functions|internal|ranges)/[\\w-]+\\.js'),
    of: 'sharp',
  },
  { name: '@img/colour', files: files('\\w+\\.cjs'), of: 'sharp' },
];

/** libvips in WebAssembly, with what it is called through. */
const WASM_DECODER = [
  { name: '@img/sharp-wasm32', files: files('index\\.cjs', 'lib/[^/]+\\.node\\.(js|wasm)') },
  {
    name: '@emnapi/runtime',
    files: files('index\\.js', 'dist/emnapi\\.cjs(\\.min)?\\.js'),
    of: '@img/sharp-wasm32',
  },
];

function nativeDecoder(target) {
  const library = '[^/]+\\.(node|dll|dylib|so\\.[\\d.]+)';
  const own = { name: `@img/sharp-${target}`, files: files('index\\.cjs', `lib/${library}`) };
  // On Windows the library lies in the same package.
  if (target.startsWith('win32')) return [own];
  return [own, { name: `@img/sharp-libvips-${target}`, files: files('lib/index\\.js', `lib/${library}`) }];
}

/**
 * ONNX Runtime's package has all platforms' libraries: one is taken, for the processor alone. What only graphics cards'
 * providers load stays out, and so does the second copy of a Mac's library under its full version.
 */
function onnxRuntime(target) {
  if (WITHOUT_ONNX_RUNTIME.includes(target)) return [];
  const folder = `bin/napi-v6/${target.replace('-', '/')}`;
  const libraries = [
    'onnxruntime_binding\\.node',
    'libonnxruntime\\.so\\.1',
    'libonnxruntime\\.1\\.dylib',
    'onnxruntime\\.dll',
  ];
  return [
    { name: 'onnxruntime-node', files: files('dist/\\w+\\.js', `${folder}/(${libraries.join('|')})`) },
    {
      name: 'onnxruntime-common',
      files: files('dist/cjs/([\\w-]+\\.js|package\\.json)'),
      of: 'onnxruntime-node',
    },
  ];
}

/**
 * @returns {readonly { name: string, files: RegExp, of?: string }[]} npm packages, which of their files are shipped, and
 *   whose dependency each is where it is none of ours
 */
export function partsOf(target) {
  if (target === UNIVERSAL) return [...DECODER, ...WASM_DECODER];
  return [...DECODER, ...nativeDecoder(target), ...onnxRuntime(target)];
}
