import path from 'node:path';
import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { readHead } from '../byteSource';
import { listFew } from '../listFew';
import { isZip } from '../zip/zipFile';
import type { ModelFile } from '../format';
import { weightsOnlyFault, weightsOnlyGraph, type NamedModule, type NamedWeight } from '../weightsOnly';
import { chooseWeights, childrenOf, type Candidate } from './checkpoint';
import { foreignProgram, refuseProgram } from './foreignArchive';
import { readLegacyFile } from './legacyFile';
import { extractModel, isModule, type FoundTensor } from './modules';
import { ForeignObject, TensorValue, type PickleValue } from './pickle/values';
import { placeTensor } from './placement';
import { INDEX_ENDING, isPytorchIndex, readShards, type ReadWeights } from './shards';
import { isTarHead, TAR_HEAD_BYTES } from '../tar/tarEntries';
import { readTarFile } from './tarFile';
import type { TorchFile } from './torchFile';
import { withTorchArchive } from './zipArchive';

/** Names listed in one finding. */
const LISTED = 5;

/** What PyTorch makes tensors with whose numbers are not simply stored. */
const ODD_TENSORS: ReadonlyMap<string, string> = new Map([
  ['torch._utils._rebuild_qtensor', t('is quantized')],
  ['torch._utils._rebuild_sparse_tensor', t('is a sparse tensor')],
  ['torch._utils._rebuild_nested_tensor', t('is a nested tensor')],
  ['torch._utils._rebuild_meta_tensor_no_storage', t('is a tensor without numbers, of the device "meta"')],
]);

/** The name of a tensor that was saved by itself. */
const LONE_TENSOR = 'tensor';

/**
 * Reads a PyTorch file: its pickle is interpreted and never run, its tensors stay where they are. What comes of it is
 * weights, a layer a module; PyTorch files have no architecture.
 * @throws Failure of kind `input`
 */
export async function readPytorch(file: string): Promise<ModelFile> {
  const { weights, modules, report } = isPytorchIndex(file)
    ? await readShards(file, readWeights)
    : await readWeights(file);
  const graph = weightsOnlyGraph(nameOf(file), weights, '.', modules);
  const all = [weightsOnlyFault(), ...report];
  return { format: 'pytorch', path: file, graph, report: all, weightsOnly: true };
}

async function readWeights(file: string): Promise<ReadWeights> {
  if (await isZip(file)) return withTorchArchive(file, toWeights);
  if (isTarHead(await readHead(file, TAR_HEAD_BYTES))) return toWeights(await readTarFile(file));
  const program = await foreignProgram(file);
  if (program !== undefined) refuseProgram(file, program);
  return toWeights(await readLegacyFile(file));
}

function nameOf(file: string): string {
  return isPytorchIndex(file) ? path.basename(file).slice(0, -INDEX_ENDING.length) : path.parse(file).name;
}

async function toWeights(read: TorchFile): Promise<ReadWeights> {
  const { chosen, leftAside } = chooseWeights(read.value);
  const found = collect(chosen);
  const report: Fault[] = [];
  if (leftAside.length > 0 || (chosen.length === 1 && chosen[0]!.path.length > 0)) {
    report.push(choiceFault(chosen, leftAside));
  }
  if (found.ignored.length > 0) report.push(ignoredFault(found.ignored));
  const foreign = [...read.foreign].filter((name) => !found.classes.has(name) && !isPlumbing(name));
  if (foreign.length > 0) report.push(foreignFault(foreign));

  const weights: NamedWeight[] = [];
  for (const { path: name, value, buffer } of found.tensors) {
    const problem = problemOf(value);
    if (problem !== undefined || value instanceof ForeignObject || !value.type.dtype) {
      report.push(unsupportedFault(name, problem ?? ''));
      continue;
    }
    const source = placeTensor(name, value, await read.placeOf(value.storage), read.byteOrder);
    weights.push({
      path: name,
      shape: value.shape,
      dtype: value.type.dtype,
      source,
      ...(buffer && { role: 'statistic' as const }),
      ...(found.modules.length > 0 && !buffer && { trainable: value.requiresGrad }),
    });
  }
  return { weights, modules: found.modules, report };
}

interface Collected {
  readonly tensors: readonly FoundTensor[];
  readonly modules: readonly NamedModule[];
  readonly classes: ReadonlySet<string>;
  /** Entries beside the tensors that are none. */
  readonly ignored: readonly string[];
}

/** All that was chosen; several are told apart by the names they have in the file. */
function collect(chosen: readonly Candidate[]): Collected {
  const tensors: FoundTensor[] = [];
  const modules: NamedModule[] = [];
  const classes = new Set<string>();
  const ignored: string[] = [];
  for (const { path: where, value } of chosen) {
    const prefix = chosen.length > 1 ? where : [];
    const under = (name: string) => [...prefix, name].join('.');
    if (isModule(value)) {
      const model = extractModel(value);
      for (const tensor of model.tensors) tensors.push({ ...tensor, path: under(tensor.path) });
      for (const module of model.modules) modules.push({ ...module, path: under(module.path) });
      for (const name of model.classes) classes.add(name);
    } else if (value instanceof TensorValue) {
      tensors.push({ path: LONE_TENSOR, value, buffer: false });
    } else {
      for (const [name, child] of childrenOf(value)) {
        const tensor = asFound(child);
        if (tensor) tensors.push({ path: under(name), value: tensor, buffer: false });
        else if (!chosen.some((candidate) => candidate.value === child)) ignored.push(under(name));
      }
    }
  }
  return { tensors, modules, classes, ignored };
}

function asFound(value: PickleValue): FoundTensor['value'] | undefined {
  const found = value instanceof TensorValue || (value instanceof ForeignObject && !isModule(value));
  return found ? value : undefined;
}

function problemOf(value: FoundTensor['value']): string | undefined {
  if (value instanceof ForeignObject) {
    return ODD_TENSORS.get(value.path) ?? t('needs the class or function {0}', value.path);
  }
  if (value.problem !== undefined) return value.problem;
  return value.type.dtype ? undefined : t('holds {0}', value.type.name);
}

function unsupportedFault(name: string, problem: string): Fault {
  const end = name.lastIndexOf('.');
  return {
    severity: 'warning',
    code: 'WEIGHT_UNSUPPORTED',
    ...(end > 0 && { layer: name.slice(0, end) }),
    message: t('"{0}" {1}, which is not supported: it is left out', name, problem),
  };
}

function choiceFault(chosen: readonly Candidate[], leftAside: readonly Candidate[]): Fault {
  const taken = listFew(chosen.map(showCandidate), LISTED);
  const others = listFew(leftAside.map(showCandidate), LISTED);
  return {
    severity: 'warning',
    code: 'STATE_DICT_CHOSEN',
    message:
      leftAside.length === 0
        ? t('the weights are those of {0}', taken)
        : t('the weights are those of {0}; left aside: {1}', taken, others),
  };
}

function showCandidate({ path: where, value, tensors }: Candidate): string {
  const name = where.length === 0 ? t('the file itself') : `"${where.join('.')}"`;
  return isModule(value) ? t('{0} (a model)', name) : t('{0} ({1} tensors)', name, tensors);
}

function ignoredFault(names: readonly string[]): Fault {
  return {
    severity: 'warning',
    code: 'ENTRY_IGNORED',
    message: t(
      'entries beside the weights that are no tensors: {0}',
      listFew(
        names.map((name) => `"${name}"`),
        LISTED,
      ),
    ),
  };
}

function foreignFault(names: readonly string[]): Fault {
  return {
    severity: 'warning',
    code: 'CLASS_FOREIGN',
    message: t(
      'the file names {0}; nothing of that was run, and the weights do not need it',
      listFew(names, LISTED),
    ),
  };
}

/** What PyTorch's own objects are made with. */
function isPlumbing(name: string): boolean {
  return /^(torch|__torch__|collections|_codecs)\./.test(name);
}
