import { openOperated, refuseFaults, refuseOpaque, type OperatedModel } from '../formats/operatedModel';
import { refuseWeightsOnly } from '../formats/refuseWeightsOnly';

/**
 * A model after its recipe that every layer of can be computed.
 * @throws Failure of kind `input`
 */
export async function openComputable(modelPath: string, recipePath?: string): Promise<OperatedModel> {
  const model = await openOperated(modelPath, recipePath);
  refuseWeightsOnly(model.file);
  refuseOpaque(model);
  refuseFaults(model);
  return model;
}
