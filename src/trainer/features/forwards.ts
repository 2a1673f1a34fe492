import { Failure } from '../../core/failure';
import type { Batch } from '../../data/batches';
import type { EngineFound } from '../../protocol/engines';
import type { Tensorlike } from '../batch';
import type { Computable } from '../program/fold';
import { agrees, OWN_TOLERANCE, TOLERANCE } from './agreement';
import { engineForward, type Forward } from './forward';
import { NotKept } from './keeper';
import { onnxForward, onnxRuntimeName } from './onnxForward';
import { t } from '../../l10n/translate';

/** Something that may compute a model, opened when it is to. */
interface Candidate {
  /** With its version: what two runs have alike computes alike. */
  readonly by: string;
  open(): Promise<Forward>;
}

/** What ONNX Runtime made of samples is not what the engine makes of them. */
class Disagreement extends Error {}

/**
 * What computes the features of one model: ONNX Runtime on the processor's threads where it computes the same as an engine
 * on the processor, which it outruns; else the engine itself.
 */
export class Forwards {
  private readonly opened: Forward[] = [];
  private onnx: Candidate | undefined;
  private current: Forward | undefined;
  private isChosen = false;

  /** @param note told why the engine computes where ONNX Runtime should */
  constructor(
    private readonly model: Computable,
    private readonly engine: EngineFound,
    private readonly note: (reason: string) => void,
  ) {}

  /** The name of what computed last. */
  get by(): string {
    return (this.onnx ?? this.own).by;
  }

  async best(): Promise<Candidate> {
    if (!this.isChosen) {
      this.isChosen = true;
      if (isOutrun(this.engine)) await this.chooseOnnx();
    }
    return this.onnx ?? this.own;
  }

  /** @throws NotKept or Disagreement where outputs of a batch are not what its samples make alone */
  async check(batch: Batch, outputs: readonly Tensorlike[]): Promise<void> {
    if (!this.onnx) {
      if (this.current && (await agrees(this.current, batch, outputs, OWN_TOLERANCE))) return;
      throw new NotKept(t('what frozen layers make of a sample depends on the samples beside it'));
    }
    const own = await engineForward(this.model);
    try {
      if (await agrees(own, batch, outputs, TOLERANCE)) return;
    } finally {
      await own.dispose();
    }
    throw new Disagreement(t('ONNX Runtime differs from the engine by more than {0}', TOLERANCE));
  }

  /** Whether there is another way after this error. */
  async giveUp(error: unknown): Promise<boolean> {
    const isItsOwn =
      error instanceof Disagreement || (error instanceof Failure && error.code.startsWith('ONNX_'));
    if (!this.onnx || !isItsOwn) return false;
    this.onnx = undefined;
    this.current = undefined;
    this.note(t('the engine computes the features itself: {0}', error.message));
    return true;
  }

  async dispose(): Promise<void> {
    for (const forward of this.opened.splice(0)) await forward.dispose();
  }

  private async chooseOnnx(): Promise<void> {
    try {
      const by = await onnxRuntimeName();
      this.onnx = { by, open: () => this.use(() => onnxForward(this.model)) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.note(t('the engine computes the features itself: {0}', error.message));
    }
  }

  private get own(): Candidate {
    const { name, libraries } = this.engine;
    const versions = Object.entries(libraries).map(([library, version]) => `${library} ${version}`);
    const by = `${name} (${versions.join(', ')})`;
    return { by, open: () => this.use(() => engineForward(this.model)) };
  }

  private async use(open: () => Promise<Forward>): Promise<Forward> {
    if (this.current) return this.current;
    this.current = await open();
    this.opened.push(this.current);
    return this.current;
  }
}

/** WebAssembly has one thread, TensorFlow's graphs take longer on the same ones; `cpu` is there to be compared with. */
function isOutrun({ name, onGpu }: EngineFound): boolean {
  return name === 'wasm' || (name === 'tensorflow' && !onGpu);
}
