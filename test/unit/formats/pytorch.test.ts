import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { openModel } from '../../../src/formats/registry';
import { mutate } from '../support/mutate';
import {
  call,
  dict,
  int,
  join,
  legacyFile,
  list,
  make,
  name,
  op,
  pickle,
  storage,
  tensor,
  text,
  tuple,
  type Pickle,
} from '../support/pickle';
import { failureOf, fixture, readAllWeights, temporaryFolder } from './fixtures';

/** Opens bytes as a .pt file. */
async function open(bytes: Buffer) {
  const file = path.join(await temporaryFolder(), 'model.pt');
  await writeFile(file, bytes);
  return openModel(file);
}

const openValue = (value: Pickle, storages: Record<string, number[]> = {}) =>
  open(legacyFile(value, storages));

describe.each(['', '-legacy'])('files of torch.save%s', (kind) => {
  test('a state dict', async () => {
    const model = await openModel(fixture(`pytorch/state${kind}.pt`));
    expect(model).toMatchObject({ format: 'pytorch', weightsOnly: true });
    expect(model.report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY']);
    expect(model.graph).toMatchObject({ name: `state${kind}`, inputs: [], outputs: [] });
    expect(model.graph.layers.map((layer) => [layer.name, layer.kind, layer.weights.length])).toEqual([
      ['0', 'Weights', 2],
      ['1', 'BatchNormalization', 5],
      ['4', 'Weights', 2],
    ]);
    const values = await readAllWeights(model);
    expect([...values.values()].flatMap((numbers) => [...numbers])).toEqual(
      Array.from({ length: 38 }, (_, index) => index),
    );
  });

  test('views of one storage', async () => {
    const values = await readAllWeights(await openModel(fixture(`pytorch/views${kind}.pt`)));
    expect([...values.get('turned/weight')!]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect([...values.get('part/weight')!]).toEqual([4, 6, 8, 10]);
    expect([...values.get('half/weight')!]).toEqual([...values.get('base/weight')!]);
  });

  test('a checkpoint of a model on several devices', async () => {
    const { graph, report } = await openModel(fixture(`pytorch/checkpoint${kind}.pt`));
    expect(report.map(({ message }) => message)).toContain(
      'the weights are those of "state_dict" (9 tensors); left aside: "ema" (1 tensors)',
    );
    expect(graph.layers[0]).toMatchObject({ name: 'module.0', group: ['module'] });
  });
});

test('a whole model', async () => {
  const { graph } = await openModel(fixture('pytorch/module.pt'));
  expect(graph.layers.map((layer) => [layer.name, layer.kind])).toEqual([
    ['0', 'Conv2d'],
    ['1', 'BatchNorm2d'],
    ['2', 'ReLU'],
    ['3', 'Flatten'],
    ['4', 'Linear'],
  ]);
  expect(graph.layers[0]!.config).toMatchObject({ in_channels: 1, kernel_size: [3, 3] });
});

describe('what a pickle names', () => {
  const system = name('posix', 'system');

  test.each([
    ['a call', call(system, text('x')), 'posix.system'],
    ['a name alone', dict({ a: system }), 'posix.system'],
    ['a name from the stack', join(text('os'), text('system'), op(0x93)), 'os.system'],
    ['a class with arguments', join(op('('), text('x'), op('ios\nsystem\n')), 'os.system'],
    ['an object', join(op('('), name('builtins', 'eval'), text('1'), op('o')), 'builtins.eval'],
    ['a name inside another module', name('torch', 'os.system'), 'torch.os.system'],
    ['deep inside', list(list(call(name('__builtin__', 'set'), list(call(system))))), 'posix.system'],
    ['a class as a list', make(name('subprocess', 'Popen'), dict({})), 'subprocess.Popen'],
  ])('%s is refused', async (_, value, forbidden) => {
    const failure = await failureOf(openValue(value));
    expect(failure).toMatchObject({ kind: 'input', code: 'PICKLE_FORBIDDEN' });
    expect(failure.message).toContain(`found the name ${forbidden}`);
    expect(await failureOf(open(pickle(value)))).toMatchObject({ code: 'PICKLE_FORBIDDEN' });
  });

  test('a class that is needed is named', async () => {
    const needed = make(name('foo', 'Bar'), dict({ weight: int(1) }));
    const failure = await failureOf(openValue(needed));
    expect(failure).toMatchObject({ kind: 'input', code: 'PICKLE_CLASS' });
    expect(failure.message).toContain('needs the class foo.Bar');
    const inside = await failureOf(openValue(tensor(needed, 0, [1], [1])));
    expect(inside.message).toContain('a tensor that needs the class foo.Bar');
    const module = make(
      name('torch.nn', 'Sequential'),
      dict({ _parameters: dict({}), _modules: dict({ 0: needed }) }),
    );
    expect((await failureOf(openValue(module))).message).toContain('"0" needs the class foo.Bar');
  });

  test('one that is not needed is told of', async () => {
    const state = { a: tensor(storage('0', 2), 0, [2], [1]), b: call(name('foo', 'bar')) };
    const model = await openValue(dict({ state_dict: dict(state), time: call(name('time', 'now')) }), {
      0: [1, 2],
    });
    expect(model.graph.layers.map((layer) => layer.name)).toEqual(['a']);
    expect(model.report.map(({ code, message }) => `${code} ${message}`).slice(1)).toEqual([
      'STATE_DICT_CHOSEN the weights are those of "state_dict" (1 tensors)',
      'CLASS_FOREIGN the file names foo.bar, time.now; nothing of that was run, and the weights do not need it',
      'WEIGHT_UNSUPPORTED "b" needs the class or function foo.bar, which is not supported: it is left out',
    ]);
  });

  test('a pickle of something else', async () => {
    expect(await failureOf(open(pickle(dict({ a: int(1) }))))).toMatchObject({
      code: 'PYTORCH_PLAIN_PICKLE',
    });
    expect(await failureOf(openValue(dict({ a: int(1) })))).toMatchObject({ code: 'PYTORCH_NO_TENSORS' });
  });
});

describe('files of PyTorch before 0.1.10', () => {
  test('a state dict', async () => {
    const model = await openModel(fixture('pytorch/state-tar.pt'));
    expect(model).toMatchObject({ format: 'pytorch', weightsOnly: true });
    expect(model.report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY']);
    expect(model.graph.layers.map((layer) => [layer.name, layer.weights.length])).toEqual([
      ['0', 2],
      ['1', 5],
      ['4', 2],
      ['views', 2],
    ]);
    const values = new Map(await readAllWeights(model));
    expect([...values.get('views/turned')!]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect([...values.get('views/part')!]).toEqual([4, 6, 8, 10]);
    values.delete('views/turned');
    values.delete('views/part');
    expect([...values.values()].flatMap((numbers) => [...numbers])).toEqual(
      Array.from({ length: 38 }, (_, index) => index),
    );
  });

  test('cut anywhere', async () => {
    const bytes = await readFile(fixture('pytorch/state-tar.pt'));
    const file = path.join(await temporaryFolder(), 'cut.pt');
    // Behind the last member there is only padding.
    for (let length = 600; length < bytes.length - 11_000; length += 97) {
      await writeFile(file, bytes.subarray(0, length));
      expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', path: file });
    }
  });

  test('500 mutations end in a model or a failure', async () => {
    const bytes = await readFile(fixture('pytorch/state-tar.pt'));
    const file = path.join(await temporaryFolder(), 'model.pt');
    for (let seed = 0; seed < 500; seed++) {
      await writeFile(file, mutate(bytes, seed));
      const outcome = await openModel(file).catch((cause: unknown) => cause);
      if (outcome instanceof Failure) expect(outcome.kind).toBe('input');
      else expect(outcome).toHaveProperty('graph');
    }
  });

  test('another tar archive is refused', async () => {
    const bytes = Buffer.from(await readFile(fixture('pytorch/state-tar.pt')));
    // The checksum sums bytes: two that change places leave it as it is.
    bytes.write('yss_info', 0);
    expect(await failureOf(open(bytes.subarray(0, 1024)))).toMatchObject({ code: 'PYTORCH_TAR' });
  });
});

describe('several files by an index', () => {
  async function sharded(map: Record<string, unknown>) {
    const folder = await temporaryFolder();
    for (const name of ['state', 'views']) {
      await writeFile(path.join(folder, `${name}.bin`), await readFile(fixture(`pytorch/${name}.pt`)));
    }
    const file = path.join(folder, 'pytorch_model.bin.index.json');
    await writeFile(file, JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
    return file;
  }

  test('are one model', async () => {
    const file = await sharded({
      '4.bias': 'state.bin',
      'base.weight': 'views.bin',
      '4.weight': 'state.bin',
    });
    const model = await openModel(file);
    expect(model).toMatchObject({ format: 'pytorch', weightsOnly: true, graph: { name: 'pytorch_model' } });
    expect(model.graph.layers.map(({ name, weights }) => [name, weights.map((each) => each.name)])).toEqual([
      ['4', ['bias', 'weight']],
      ['base', ['weight']],
    ]);
    expect((await readAllWeights(model)).get('base/weight')).toHaveLength(12);
    expect(model.report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY', 'WEIGHT_UNUSED']);
  });

  test.each([
    [{ a: 'state.bin' }, 'PYTORCH_INDEX', 'no tensor "a" in state.bin'],
    [{ a: '../state.bin' }, 'SHARD_PATH', '"../state.bin" lies outside'],
    [{ a: 'gone.bin' }, 'SHARD_MISSING', 'the shard gone.bin is missing'],
    [{ a: 1 }, 'PYTORCH_INDEX', 'the file 1 of "a"'],
  ])('%j is refused', async (map, code, message) => {
    const failure = await failureOf(openModel(await sharded(map)));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });
});

describe('programs of PyTorch', () => {
  test.each([
    ['an ExecuTorch program', 'model.pte', 'ET12'],
    ['a program of PyTorch Mobile', 'model.ptl', 'PTMF'],
  ])('%s is refused by name', async (what, name, mark) => {
    const file = path.join(await temporaryFolder(), name);
    await writeFile(file, Buffer.concat([Buffer.of(24, 0, 0, 0), Buffer.from(mark), Buffer.alloc(64)]));
    const failure = await failureOf(openModel(file));
    expect(failure).toMatchObject({ kind: 'input', code: 'PYTORCH_PROGRAM' });
    expect(failure.message).toContain(what);
    expect(failure.message).toContain('save the state dict');
  });

  test('an exported one is, too', async () => {
    const failure = await failureOf(openModel(fixture('pytorch/exported.pt2')));
    expect(failure).toMatchObject({ kind: 'input', code: 'PYTORCH_PROGRAM' });
    expect(failure.message).toContain('torch.export');
  });
});

test('tensors whose numbers are not simply stored are told by what they are', async () => {
  const { graph, report } = await openModel(fixture('pytorch/odd.pt'));
  expect(graph.layers.map(({ name }) => name)).toEqual(['plain']);
  expect(
    report.slice(1).map(({ message }) => message.replace(', which is not supported: it is left out', '')),
  ).toEqual([
    '"quantized" is quantized',
    '"sparse" is a sparse tensor',
    '"complex" holds complex64',
    '"float8" holds float8_e4m3fn',
    '"meta" is a tensor without numbers, of the device "meta"',
  ]);
});

/** A module that has the one below it twice, and so on. */
function doubling(levels: number): Pickle {
  const module = (modules: Pickle) => make(name('a', 'B'), dict({ _modules: modules }));
  let value = module(dict({}));
  for (let level = 0; level < levels; level++) {
    value = module(dict({ a: join(value, op('q', level)), b: op('h', level) }));
  }
  return value;
}

describe('pickles that are broken or ask for too much', () => {
  const repeat = (part: Pickle, count: number) => Buffer.alloc(part.length * count, part);
  const own = (state: Pickle) => join(name('a', 'B'), op(')', 0x81, 'q', 0), state, op('b'));

  test.each<[string, Pickle, string, string]>([
    ['a whole number of 200 MB', op(0x8b, 0, 0, 0, 12), 'PICKLE_LIMIT', 'a whole number of 201326592 bytes'],
    ['a whole number of less than nothing', op(0x8b, 0, 0, 0, 255), 'PICKLE_LIMIT', 'a whole number of -'],
    ['a line without end', op('I', '1'.repeat(5000)), 'PICKLE_LIMIT', 'a line longer than'],
    ['a name without end', op('c', `${'a'.repeat(2000)}\nb\n`), 'PICKLE_LIMIT', 'a name longer than'],
    ['text past the end', op('X', 255, 255, 255, 127), 'PICKLE_TRUNCATED', 'ends at byte'],
    ['text far past the end', op(0x8d, 0, 0, 0, 0, 0, 0, 0, 255), 'PICKLE_TRUNCATED', 'ends at byte'],
    ['text that is no UTF-8', text(Buffer.of(0xc3, 0x28)), 'PICKLE_INVALID', 'no UTF-8'],
    ['an unknown opcode', op(0xfe), 'PICKLE_INVALID', 'the byte 0xfe'],
    ['a newer protocol', op(0x80, 6), 'PICKLE_INVALID', 'pickle protocol 6'],
    ['a class by number', op(0x82, 1), 'PICKLE_INVALID', 'own registry'],
    ['a value that was not kept', op('h', 7), 'PICKLE_INVALID', 'a reference to value 7'],
    ['an end without a beginning', op('t'), 'PICKLE_INVALID', 'an end without a beginning'],
    ['an empty stack', op('0'), 'PICKLE_INVALID', 'an empty stack'],
    ['a key without a value', op('}(N', 'u'), 'PICKLE_INVALID', 'a key without a value'],
    ['a call of a number', join(int(1), op(')R')), 'PICKLE_INVALID', 'a call of 1'],
    ['a list that is a number', join(int(1), int(1), op('a')), 'PICKLE_INVALID', 'found 1, expected a list'],
    ['a reference to nothing known', join(text('x'), op('Q')), 'PICKLE_INVALID', 'a reference to nothing'],
    ['three million lists', join(op('('), repeat(op(']'), 3e6), op('t')), 'PICKLE_LIMIT', 'more values than'],
    ['five million values', join(op('('), repeat(op('N'), 5e6), op('t')), 'PICKLE_LIMIT', 'on the stack'],
    ['five million marks', repeat(op('('), 5e6), 'PICKLE_LIMIT', 'marks'],
    ['more than 24 MB', repeat(op('N0'), 13e6), 'PICKLE_LIMIT', 'found its value beyond byte 25165824'],
    [
      'lists half a million deep',
      join(repeat(op(']'), 5e5), repeat(op('a'), 499_999)),
      'PYTORCH_NO_TENSORS',
      'a list',
    ],
    ['a billion laughs', join(op(']'), repeat(op('2', 0x86), 1e5)), 'PYTORCH_NO_TENSORS', 'a tuple'],
    [
      'a module in itself',
      own(dict({ _modules: dict({ a: op('h', 0) }) })),
      'PICKLE_LIMIT',
      'nested more than 64',
    ],
    ['modules in modules that multiply', doubling(40), 'PICKLE_LIMIT', 'more than 300000 modules'],
  ])('%s', async (_, value, code, message) => {
    const began = process.cpuUsage();
    const failure = await failureOf(openValue(value));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });
});

describe('tensors that are not what they say', () => {
  const two = storage('0', 2);
  test.each<[string, Pickle, string, string]>([
    ['outside of the storage', tensor(two, 1, [2], [1]), 'PYTORCH_STORAGE', 'numbers up to byte 12'],
    ['strides beyond it', tensor(two, 0, [2], [9]), 'PYTORCH_STORAGE', 'numbers up to byte 40'],
    ['more than there are', tensor(two, 0, [2 ** 40], [1]), 'PYTORCH_STORAGE', 'numbers up to byte'],
    [
      'one number a quintillion times',
      tensor(two, 0, [2 ** 30, 2 ** 30], [0, 0]),
      'PYTORCH_SHAPE',
      'over 1 stored',
    ],
    [
      'too many numbers to count',
      tensor(
        two,
        0,
        Array.from({ length: 20 }, () => 2 ** 31),
        Array.from({ length: 20 }, () => 0),
      ),
      'PYTORCH_SHAPE',
      'shape',
    ],
    ['a size below nothing', tensor(two, 0, [-1], [1]), 'PICKLE_INVALID', 'found -1'],
    ['an offset below nothing', tensor(two, -1, [1], [1]), 'PICKLE_INVALID', 'found -1'],
    [
      'a size that is text',
      call(name('torch._utils', '_rebuild_tensor_v2'), two, int(0), tuple(text('1')), tuple(int(1))),
      'PICKLE_INVALID',
      'the text "1"',
    ],
    ['sizes without strides', tensor(two, 0, [2], []), 'PICKLE_INVALID', '1 sizes and 0 strides'],
    [
      'a hundred sizes',
      tensor(
        two,
        0,
        Array.from({ length: 100 }, () => 1),
        [],
      ),
      'PICKLE_INVALID',
      '100 sizes',
    ],
    [
      'a storage that is not listed',
      tensor(storage('1', 2), 0, [1], [1]),
      'PYTORCH_STORAGE',
      'no storage "1"',
    ],
    [
      'a storage of another length',
      tensor(storage('0', 3), 0, [1], [1]),
      'PYTORCH_STORAGE',
      'a storage of 2 numbers',
    ],
    [
      'a view outside of its storage',
      tensor(storage('0', 2, tuple(text('v'), int(1), int(2))), 0, [1], [1]),
      'PICKLE_INVALID',
      'a view up to number 3',
    ],
    [
      'a type that is none',
      tensor(storage('0', 2, undefined, name('torch', 'PotatoStorage')), 0, [1], [1]),
      'PICKLE_INVALID',
      'torch.PotatoStorage',
    ],
  ])('%s', async (_, value, code, message) => {
    const failure = await failureOf(
      openValue(dict({ 'a.weight': value, 'b.weight': tensor(two, 0, [2], [1]) }), { 0: [1, 2] }),
    );
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });

  test('a part of an older storage', async () => {
    const part = storage('0', 4, tuple(text('v'), int(1), int(2)));
    const model = await openValue(dict({ 'a.weight': tensor(part, 1, [1], [1]) }), { 0: [1, 2, 3, 4] });
    expect((await readAllWeights(model)).get('a/weight')).toEqual(Float32Array.of(3));
  });
});

describe('damaged files', () => {
  test.each(['state-legacy', 'views-legacy'])('%s cut at every byte', async (name) => {
    const bytes = await readFile(fixture(`pytorch/${name}.pt`));
    const file = path.join(await temporaryFolder(), 'cut.pt');
    for (let length = 2; length < bytes.length; length += length < 400 ? 1 : 3) {
      await writeFile(file, bytes.subarray(0, length));
      expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', path: file });
    }
  });

  test.each(['state', 'module'])('the archive %s cut anywhere', async (name) => {
    const bytes = await readFile(fixture(`pytorch/${name}.pt`));
    const file = path.join(await temporaryFolder(), 'cut.pt');
    for (let length = 4; length < bytes.length; length += 61) {
      await writeFile(file, bytes.subarray(0, length));
      expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'ZIP_CORRUPT' });
    }
  });

  test.each(['state', 'checkpoint-legacy'])(
    '500 mutations of %s end in a model or a failure',
    async (name) => {
      const bytes = await readFile(fixture(`pytorch/${name}.pt`));
      const file = path.join(await temporaryFolder(), 'model.pt');
      for (let seed = 0; seed < 500; seed++) {
        await writeFile(file, mutate(bytes, seed));
        const outcome = await openModel(file).catch((cause: unknown) => cause);
        if (outcome instanceof Failure) expect(outcome.kind).toBe('input');
        else expect(outcome).toHaveProperty('graph');
      }
    },
  );
});
