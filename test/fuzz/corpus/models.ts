import type { FormatName } from '../../../src/formats/format';
import { fixtures, sampleOf, type Sample } from './sample';

/** Samples of every format that models are read from. */
export function modelSamples(
  root: string,
): Readonly<Record<Exclude<FormatName, 'python'>, readonly Sample[]>> {
  const { bytes, file, folder } = fixtures(root);
  const checkpoint = (prefix: string) => folder('tensorflow', `${prefix}.index`, new RegExp(`^${prefix}[.]`));
  return {
    h5: [
      ...['keras2/functional.h5', 'keras2/nested.h5', 'keras3/sequential.h5', 'keras3/branches.h5'].map(file),
      ...['keras3/only.weights.h5', 'keras3/nested.h5', 'keras1/image_theano.h5', 'keras1/merges.h5'].map(
        file,
      ),
      ...['keras1/sequences.h5', 'keras1/cudnn.h5'].map(file),
      folder('kerasArchive/sharded', 'model.weights.json'),
    ],
    keras: [
      ...['nested', 'operations', 'wrapped'].map((name) => file(`kerasArchive/${name}.keras`)),
      folder('kerasArchive/unpacked'),
      folder('kerasArchive/unpacked', 'config.json'),
    ],
    tfjs: [
      folder('tfjs/branches-saved'),
      folder('tfjs/sequential-saved', 'model.json'),
      ...['branches-float16', 'sequential-uint16', 'sequential-uint8'].map((name) => folder(`tfjs/${name}`)),
      ...['camel_case', 'listed', 'text'].map((name) => folder(`tfjsOld/${name}`)),
    ],
    'tfjs-graph': [folder('tensorflow/graph-model'), folder('tensorflow/backbones/graph-model')],
    savedmodel: ['saved-model', 'keras2', 'backbones/saved-model'].map((name) =>
      folder(`tensorflow/${name}`),
    ),
    'frozen-graph': ['frozen.pb', 'backbones/frozen.pb'].map((name) => file(`tensorflow/${name}`)),
    checkpoint: [checkpoint('name-based'), checkpoint('object-based')],
    metagraph: [folder('tensorflow', 'name-based.meta', /^name-based[.]/)],
    pytorch: [
      ...['state', 'state-legacy', 'state-tar', 'views', 'views-legacy', 'checkpoint', 'checkpoint-legacy'],
      ...['module', 'odd'],
    ]
      .map((name) => file(`pytorch/${name}.pt`))
      .concat(
        sampleOf('sharded', 'pytorch_model.bin.index.json', {
          'pytorch_model.bin.index.json': Buffer.from(
            JSON.stringify({
              metadata: { total_size: 1 },
              weight_map: {
                ...{ '0.weight': 'a.bin', '0.bias': 'a.bin', '1.weight': 'a.bin', '1.bias': 'a.bin' },
                ...{ '1.running_mean': 'a.bin', '1.running_var': 'a.bin', '1.num_batches_tracked': 'a.bin' },
                ...{
                  '4.weight': 'a.bin',
                  '4.bias': 'a.bin',
                  'base.weight': 'b.bin',
                  'turned.weight': 'b.bin',
                },
                ...{ 'part.weight': 'b.bin', 'half.weight': 'b.bin' },
              },
            }),
          ),
          'a.bin': bytes('pytorch/state.pt'),
          'b.bin': bytes('pytorch/views-legacy.pt'),
        }),
      ),
    safetensors: [
      ...['state', 'types', 'model'].map((name) => file(`safetensors/${name}.safetensors`)),
      folder('safetensors/sharded', 'model.safetensors.index.json'),
    ],
    onnx: ['cnn', 'recurrent', 'attention', 'convolutions'].map((name) => file(`onnx/${name}.onnx`)),
  };
}
