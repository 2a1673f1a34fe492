import path from 'node:path';

/** What people write beside a model: `digits.h5` has `digits.surgery.json` and `digits.plan.json`. */
export type Sibling = 'surgery' | 'plan';

/** The recipe or plan beside a model file. A TF.js model's file is its `model.json`. */
export function siblingOf(modelPath: string, sibling: Sibling): string {
  const { dir, name } = path.parse(modelPath);
  return path.join(dir, `${name}.${sibling}.json`);
}

export function isRecipePath(file: string): boolean {
  return file.endsWith('.surgery.json');
}

export function isPlanPath(file: string): boolean {
  return file.endsWith('.plan.json');
}

/** What people call a model: its file without the extension, or the folder around a TF.js `model.json`. */
export function modelName(modelPath: string): string {
  const { dir, base, name } = path.parse(modelPath);
  return base === 'model.json' ? path.basename(dir) : name;
}
