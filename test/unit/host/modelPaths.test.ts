import { describe, expect, it } from 'vitest';
import { contributes } from '../../../package.json';
import { FORMATS } from '../../../src/formats/registry';
import { isCertainModelPath, isModelPath } from '../../../src/host/modelPaths';

/** What a when clause says of a file's name: its regular expressions and equalities, joined by "or". */
function shows(when: string, name: string): boolean {
  const extension = /\.[^.]*$/.exec(name)?.[0] ?? '';
  return [...when.matchAll(/(resourceExtname|resourceFilename) =~ \/(.+?)\/(i?)(?= \|\|| &&|\)|$)/g)].some(
    ([, key, source = '', flags]) =>
      new RegExp(source, flags).test(key === 'resourceExtname' ? extension : name),
  );
}

const selected = (editor: number, name: string) =>
  contributes.customEditors[editor]?.selector.some(({ filenamePattern }) =>
    new RegExp(
      `^${filenamePattern
        .replace(/^\*\*\//, '')
        .replaceAll('.', '\\.')
        .replaceAll('*', '.*')}$`,
    ).test(name),
  ) ?? false;

describe('files that are models', () => {
  const certain = ['a.h5', 'a.hdf5', 'a.keras', 'a.onnx', 'a.pt', 'a.pth', 'a.safetensors'];
  const possible = [
    ...['model.json', 'saved_model.pb', 'a.ckpt.index', 'a.ckpt.meta'],
    ...['pytorch_model.bin', 'a.safetensors.index.json', 'pytorch_model.bin.index.json'],
  ];
  const none = ['notes.txt', 'package.json', 'firmware.bin', 'a.py'];

  it.each([...certain, ...possible, ...none])('%s: the manifest and the code agree', (name) => {
    const isCertain = certain.includes(name);
    const isModel = isCertain || possible.includes(name);
    expect([isCertainModelPath(`/m/${name}`), isModelPath(`/m/${name}`)]).toEqual([isCertain, isModel]);
    expect([selected(0, name), selected(1, name)]).toEqual([isCertain, isModel && !isCertain]);
    const menus = [contributes.menus['explorer/context'], contributes.menus['editor/title/context']];
    for (const menu of menus) {
      const entry = menu.find(({ command }) => command === 'modelSurgery.fineTune');
      expect(shows(entry?.when ?? '', name)).toBe(isModel);
    }
  });

  it('are not recipes, which have a command of their own', () => {
    const opens = (menu: readonly { command: string; when: string }[]) =>
      menu.filter(({ when }) => shows(when, 'a.surgery.json')).map(({ command }) => command);
    const { menus } = contributes;
    for (const menu of [menus['explorer/context'], menus['editor/title'], menus['editor/title/context']]) {
      expect(opens(menu)).toEqual(['modelSurgery.openRecipe']);
    }
    expect([selected(0, 'a.surgery.json'), selected(1, 'a.surgery.json')]).toEqual([false, true]);
  });

  it('are those of every format that is read', () => {
    const names: Readonly<Record<string, string>> = { '.json': 'model.json', '.bin': 'pytorch_model.bin' };
    const read = FORMATS.filter(({ name }) => name !== 'python').flatMap(({ extensions }) => extensions);
    expect(read.length).toBeGreaterThan(2);
    for (const extension of read) expect(names[extension] ?? `a${extension}`).toSatisfy(isModelPath);
  });
});
