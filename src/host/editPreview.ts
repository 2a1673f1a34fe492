import type { Edit, HostToEditor, ModelView } from '../protocol/editor';
import { previewOf, previewOfStep } from '../protocol/surgerySheets';
import { asFailure } from './asFailure';
import type { OpenedModel } from './openedModel';

interface Around {
  readonly before: ModelView;
  readonly after: ModelView;
}

interface Asked {
  readonly request: number;
  readonly edit: Edit;
}

/**
 * What edits would make of a model, for a page on which one is still being dragged or written. While one is worked
 * out newer ones take each other's place: only the newest is answered.
 */
export class EditPreview {
  private newest?: Asked;
  private working = false;

  constructor(
    /** The model as an edit would leave it; nothing is recorded. */
    private readonly tryOut: (edit: Edit) => Promise<OpenedModel>,
    private readonly post: (message: HostToEditor) => void,
    /** The model as it is. */
    private readonly present: () => ModelView | undefined = () => undefined,
    /** A model before and after one step of its recipe. */
    private readonly aroundStep?: (model: OpenedModel, at: number) => Around,
  ) {}

  async ask(asked: Asked): Promise<void> {
    this.newest = asked;
    if (this.working) return;
    this.working = true;
    try {
      let answered: Asked | undefined;
      while (this.newest !== answered) {
        // What a drag has sent meanwhile comes in first.
        await new Promise((turn) => setImmediate(turn));
        answered = this.newest;
        const answer = await this.answerTo(answered);
        if (this.newest === answered) this.post(answer);
      }
    } finally {
      this.working = false;
    }
  }

  private async answerTo({ request, edit }: Asked): Promise<HostToEditor> {
    try {
      const before = this.present();
      const model = await this.tryOut(edit);
      const { view } = model;
      const frozen = view.layers.filter(({ trainable, weights }) => !trainable && weights.length > 0);
      return {
        ...{ type: 'previewed', request, totals: view.totals, frozen: frozen.map(({ id }) => id) },
        ...(edit.type === 'operate' && before && { surgery: previewOf(before, view) }),
        ...(edit.type === 'changeOperation' &&
          before &&
          this.aroundStep && {
            surgery: previewOfStep(this.aroundStep(model, edit.at), { before, after: view }),
          }),
      };
    } catch (error) {
      const { code, message } = asFailure(error);
      return { type: 'previewed', request, problem: { code, message } };
    }
  }
}
