import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import type { EditorToHost } from '../../../src/protocol/editor';
import { EditorHost } from './editorHost';
import { inceptionNet, longNet, residualNet } from './models';

/** The preview's host, in the page itself: answers what the editor posts. `#inception` and `#long` choose the graph. */
const GRAPHS: Readonly<Record<string, () => LayerGraph>> = {
  '#inception': inceptionNet,
  '#long': () => longNet(1000),
};

const graph = (GRAPHS[location.hash] ?? residualNet)();
const host = new EditorHost(graph, `${graph.name}.h5`);

window.addEventListener('posted', (event) => {
  const message = (event as CustomEvent<EditorToHost>).detail;
  for (const answer of host.answer(message)) window.postMessage(answer, '*');
});
window.addEventListener('hashchange', () => location.reload());
