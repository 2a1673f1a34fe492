import { EMPTY_RECIPE } from '../core/surgery/recipe';
import type { ModelFile } from '../formats/format';
import type { HostToEditor, ModelView } from '../protocol/editor';
import { OperatingTable } from './openedModel';

/** The model as its file has it, for a page that compares; sent once it is asked for, and again when the file is another. */
export class BaseView {
  private sent?: ModelFile;

  constructor(
    private readonly baseOf: () => ModelFile | undefined,
    private readonly post: (message: HostToEditor) => void,
  ) {}

  ask(): void {
    const base = this.baseOf();
    if (!base) return;
    this.sent = base;
    this.post({ type: 'base', model: baseViewOf(base) });
  }

  /** The document changed: an edit leaves the base as it is. */
  follow(): void {
    if (this.sent && this.baseOf() && this.baseOf() !== this.sent) this.ask();
  }
}

const views = new WeakMap<ModelFile, ModelView>();

/** Made once a file, whatever number of pages asks. */
export function baseViewOf(base: ModelFile): ModelView {
  const known = views.get(base);
  if (known) return known;
  const { view } = new OperatingTable(base).operate(EMPTY_RECIPE);
  views.set(base, view);
  return view;
}
