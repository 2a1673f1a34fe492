import { describe, expect, it } from 'vitest';
import { hubAddress, isAddress } from '../../../../src/zoo/hub/hubAddress';

const TFHUB = 'https://tfhub.dev/google/imagenet';
const KAGGLE = 'https://www.kaggle.com/models/google/inception-v3';
const API = 'https://www.kaggle.com/api/v1/models/google/inception-v3';

describe('an address of a module', () => {
  it.each([
    [
      `${TFHUB}/inception_v3/feature_vector/5`,
      `${TFHUB}/inception_v3/feature_vector/5?tf-hub-format=compressed`,
      'inception_v3_feature_vector',
    ],
    [
      `${TFHUB}/inception_v3/feature_vector/5?tf-hub-format=compressed`,
      `${TFHUB}/inception_v3/feature_vector/5?tf-hub-format=compressed`,
      'inception_v3_feature_vector',
    ],
    [
      'https://tfhub.dev/google/tfjs-model/imagenet/mobilenet_v2_140_224/feature_vector/3/default/1',
      'https://tfhub.dev/google/tfjs-model/imagenet/mobilenet_v2_140_224/feature_vector/3/default/1/model.json?tfjs-format=file',
      'mobilenet_v2_140_224_feature_vector',
    ],
    [
      `${TFHUB}/mobilenet_v2/classification/2/model.json?tfjs-format=file`,
      `${TFHUB}/mobilenet_v2/classification/2/model.json?tfjs-format=file`,
      'mobilenet_v2_classification',
    ],
    [
      `${KAGGLE}/tensorFlow2/feature-vector/2`,
      `${API}/tensorFlow2/feature-vector/2/download`,
      'inception-v3_feature-vector',
    ],
    [
      `${KAGGLE}/frameworks/TensorFlow1/variations/feature-vector/versions/1`,
      `${API}/tensorFlow1/feature-vector/1/download`,
      'inception-v3_feature-vector',
    ],
    [
      `${KAGGLE}/tfJs/feature-vector/1/model.json?tfjs-format=file`,
      `${KAGGLE}/tfJs/feature-vector/1/model.json?tfjs-format=file`,
      'inception-v3_feature-vector',
    ],
    ['https://files.example/nets/birds.tar.gz', 'https://files.example/nets/birds.tar.gz', 'birds'],
    ['https://files.example/My%20Net/model.json', 'https://files.example/My%20Net/model.json', 'My_Net'],
    ['https://files.example/%2e%2e%2f/1', 'https://files.example/%2e%2e%2f/1', 'files.example'],
    ['http://127.0.0.1:8000/1', 'http://127.0.0.1:8000/1', '127.0.0.1'],
  ])('%s is %s', (given, url, name) => {
    expect(hubAddress(given)).toMatchObject({ url, name });
  });

  it.each([
    ['http://tfhub.dev/google/imagenet/inception_v3/feature_vector/5', 'URL_INSECURE'],
    ['file:///etc/passwd', 'URL_INSECURE'],
    ['tfhub.dev/google', 'URL_INSECURE'],
    [KAGGLE, 'HUB_ADDRESS'],
    [`${KAGGLE}/tensorFlow2/feature-vector`, 'HUB_ADDRESS'],
    [`${KAGGLE}/tensorFlow2/feature-vector/latest`, 'HUB_ADDRESS'],
  ])('%s is refused: %s', (given, code) => {
    expect(() => hubAddress(given)).toThrow(expect.objectContaining({ code }));
  });

  it('is not the name of a model, nor a path', () => {
    expect(['https://a', 'file:///a', 'VGG16', './a', 'C:\\a'].map(isAddress)).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});
