import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../core/failure';
import { stagesOf } from '../core/graph/stages';
import { inferShapes } from '../core/graph/infer';
import { EMPTY_RECIPE } from '../core/surgery/recipe';
import type { ModelFile } from '../formats/format';
import { formatNamed } from '../formats/registry';
import type { ModelView } from '../protocol/editor';
import { toModelView } from '../protocol/modelView';
import type { DonorState, OpenModel, SurgeryToEditor, SurgeryToHost } from '../protocol/surgerySheets';
import { asFailure } from './asFailure';
import { t } from '../l10n/translate';

type Asked = Extract<SurgeryToHost, { readonly type: 'openModels' | 'openDonor' | 'closeDonor' }>;

/** What VS Code does for the choice of a donor. */
export interface DonorSources {
  /** The models that other tabs show. */
  openModels(): readonly OpenModel[];
  /** A file that people choose; none where they think better of it. */
  browse(): Promise<string | undefined>;
  /** A path as people read it. */
  labelOf(path: string): string;
  /**
   * The model at an absolute path, as later edits will take from it.
   *
   * @param isChosen people chose it, or have it open: else they are asked where it lies outside of the workspace
   * @throws Failure where it cannot be read, or may not be; the signal's reason once it is aborted
   */
  open(path: string, isChosen: boolean, signal: AbortSignal): Promise<ModelFile>;
}

/** Opens the other model of a graft or a warm start, and tells the page what is in it. */
export class DonorChoice {
  /** Of what was asked for last: aborted, and another one, when nobody waits for that any more. */
  private asked = new AbortController();

  constructor(
    private readonly sources: DonorSources,
    private readonly post: (message: SurgeryToEditor) => void,
  ) {}

  async receive(message: Asked): Promise<void> {
    switch (message.type) {
      case 'openModels':
        return this.post({ type: 'openModels', models: this.sources.openModels() });
      case 'openDonor':
        return this.open(message.from);
      case 'closeDonor':
        this.supersede();
        return this.tell({ kind: 'none' });
    }
  }

  /** Ends what is being read. */
  dispose(): void {
    this.supersede();
  }

  private async open(from: Extract<Asked, { readonly type: 'openDonor' }>['from']): Promise<void> {
    let { asked } = this;
    let label = t('the file');
    try {
      const file = from === 'browse' ? await this.sources.browse() : pathOf(from);
      // A dialog that was closed leaves everything as it was.
      if (file === undefined || asked !== this.asked) return;
      asked = this.supersede();
      label = this.sources.labelOf(file);
      this.tell({ kind: 'opening', label });
      const isOpen = this.sources.openModels().some((model) => model.path === file);
      const isChosen = from === 'browse' || 'uri' in from || isOpen;
      const model = await this.sources.open(file, isChosen, asked.signal);
      if (asked === this.asked) this.tell({ kind: 'open', path: file, label, model: donorView(model) });
    } catch (error) {
      if (asked !== this.asked) return;
      const { code, message } = asFailure(error);
      this.tell({ kind: 'unreadable', label, code, message });
    }
  }

  private supersede(): AbortController {
    this.asked.abort();
    return (this.asked = new AbortController());
  }

  private tell(donor: DonorState): void {
    this.post({ type: 'donor', donor });
  }
}

/** A model as it stands in its file, for the page. */
export function donorView({ graph, report, path: file, format, weightsOnly }: ModelFile): ModelView {
  const inference = inferShapes(graph);
  return toModelView({
    ...{ graph, inference, faults: report, recipe: EMPTY_RECIPE, history: [] },
    baseIds: new Set(graph.layers.map(({ id }) => id)),
    stages: stagesOf(graph, inference),
    file: path.basename(file),
    format: formatNamed(format).title,
    ...(weightsOnly && { weightsOnly }),
  });
}

/**
 * A remote window names the files of the machine that the extension runs on, and of none else, so.
 *
 * @throws Failure for what was dropped and is no file of this machine
 */
function pathOf(from: { readonly path: string } | { readonly uri: string }): string {
  if ('path' in from) return from.path;
  try {
    return fileURLToPath(from.uri.replace(/^vscode-remote:\/\/[^/]*/, 'file://'));
  } catch (error) {
    throw new Failure(
      'usage',
      'NOT_A_FILE',
      t(
        'what was dropped is no file that can be opened: found {0}, expected a file on this machine',
        from.uri.slice(0, 200),
      ),
      { cause: error },
    );
  }
}
