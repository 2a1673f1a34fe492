import type { Layer, LayerGraph } from '../../core/graph/layerGraph';

/** A JSON document as a block of Markdown. */
export function jsonBlock(json: string): string {
  return `\`\`\`json\n${json.trim()}\n\`\`\``;
}

/** What a phase trains and what it leaves as it is, layer by layer, as a table of Markdown. */
export function freezeSetTable({ layers }: LayerGraph): string {
  const weighted = layers.filter((layer) => layer.weights.length > 0);
  const frozen = weighted.filter((layer) => !layer.trainable);
  return [
    `${frozen.length} of ${weighted.length} layers with weights are frozen.`,
    '',
    '| layer | kind | |',
    '|---|---|---|',
    ...weighted.map(row),
  ].join('\n');
}

const row = ({ name, kind, trainable }: Layer): string =>
  `| ${cell(name)} | ${cell(kind)} | ${trainable ? 'trained' : 'frozen'} |`;

/** Names may hold anything; a bar would end the cell. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
