import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { createInspector } from '../../../src/formats/inspection/inspect';
import type { ToInspector } from '../../../src/formats/inspection/messages';
import { WeightInspector } from '../../../src/formats/inspection/weightInspector';
import { WeightInspection } from '../../../src/host/weightInspection';
import type { EditorToHost, HostToEditor } from '../../../src/protocol/editor';

/** The host's own inspector, here in the test's process and not in a worker thread. */
class InspectorHere extends WeightInspector {
  private readonly answer = createInspector((message) => this.receive(message));

  constructor() {
    super('');
  }

  protected override start(): { postMessage(message: ToInspector): void } {
    return { postMessage: (message) => this.answer(message) };
  }
}

/** What the extension host does when an editor asks about weights. Answers come when they come, through `post`. */
export class InspectionHost {
  private readonly inspection: WeightInspection;

  /** @param before see `WeightInspection` */
  constructor(
    graph: () => LayerGraph,
    post: (message: HostToEditor) => void,
    before?: () => Promise<LayerGraph | undefined>,
  ) {
    this.inspection = new WeightInspection(graph, post, new InspectorHere(), before);
  }

  /** Undefined where the message is none of its own; else done when nothing more will be answered. */
  receive(message: EditorToHost): Promise<void> | undefined {
    switch (message.type) {
      case 'inspect':
      case 'filters':
      case 'measureSpreads':
        return this.inspection.receive(message);
      default:
        return undefined;
    }
  }
}
