/** Files that are models whatever is in them: their editor is ours from the start. */
const CERTAIN = /\.(h5|hdf5|keras|onnx|pt|pth|safetensors)$/i;

/** Files that may be models: their editor is ours when asked for. */
const POSSIBLE =
  /(^|\/)model\.json$|(^|\/)pytorch_model[^/]*\.bin$|\.(safetensors|bin)\.index\.json$|\.(pb|index|meta)$/i;

/** For a dialog to choose from, which knows extensions only. */
export const MODEL_EXTENSIONS: readonly string[] = [
  ...['h5', 'hdf5', 'keras', 'onnx', 'pt', 'pth', 'safetensors'],
  ...['json', 'bin', 'pb', 'index', 'meta'],
];

/** @param file with `/`, as a URI has it */
export function isModelPath(file: string): boolean {
  return isCertainModelPath(file) || POSSIBLE.test(file);
}

export function isCertainModelPath(file: string): boolean {
  return CERTAIN.test(file);
}
