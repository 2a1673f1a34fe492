import type { Fault } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import type { Plan, Preprocess } from '../plan/plan';
import { recogniseBackbone } from './recognise';
import { t } from '../../l10n/translate';

/** A plan that feeds a published architecture other pixels than its weights were trained on. */
export function preprocessWarning(graph: LayerGraph, { data }: Pick<Plan, 'data'>): Fault | undefined {
  // Arrays are fed as they are: what they went through is not known.
  if (data.kind === 'arrays') return undefined;
  const backbone = recogniseBackbone(graph);
  if (!backbone || samePreprocess(backbone.preprocess, data.preprocess)) return undefined;
  const [found, expected] = [data.preprocess, backbone.preprocess].map(show);
  return {
    severity: 'warning',
    code: 'PREPROCESS_DIFFERS',
    message: t(
      'preprocess: found {0}, expected {1}, with which the published weights of {2} were trained; with others its features are poor (where its weights are your own, never mind)',
      found,
      expected,
      backbone.family,
    ),
  };
}

const show = (preprocess: Preprocess) =>
  typeof preprocess === 'string' ? `"${preprocess}"` : JSON.stringify(preprocess);

const samePreprocess = (a: Preprocess, b: Preprocess) => JSON.stringify(a) === JSON.stringify(b);
