import { parameterCount } from '../../src/core/graph/layerGraph';
import { openModel } from '../../src/formats/registry';

/** What a child of a bench says of itself: it opens the file of its argument. */
export interface Opened {
  /** The most memory that it ever had resident, in bytes. */
  readonly peakBytes: number;
  readonly ms: number;
  readonly parameters: number;
}

const [file = ''] = process.argv.slice(2);
const began = performance.now();
const { graph } = await openModel(file);
const parameters = graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
const opened: Opened = {
  peakBytes: process.resourceUsage().maxRSS * 1024,
  ms: performance.now() - began,
  parameters,
};
console.log(JSON.stringify(opened));
