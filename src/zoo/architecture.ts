import type { LayerGraph } from '../core/graph/layerGraph';
import type { Preprocess } from '../core/plan/trainingData';

/** What an architecture is built with. Keras's words and defaults, in this code's spelling. */
export interface ZooOptions {
  /** With the classifier that it was published with; true where left out. */
  readonly includeTop?: boolean;
  /** What follows the last feature map where there is no top: a global average, a global maximum, or nothing. */
  readonly pooling?: 'avg' | 'max' | null;
  /**
   * Height and width in pixels; `null` is any. Where left out: the entry's default with the top, any size without it, as
   * in Keras.
   */
  readonly inputSize?: readonly [height: number | null, width: number | null];
  /** Of the top; the published 1000 where left out. */
  readonly classes?: number;
  /** Of the top; `softmax` where left out, `null` gives logits. */
  readonly classifierActivation?: string | null;
  /**
   * The graph is to take the published weights, which some families shape (EfficientNet scales its input once more).
   * False where left out.
   */
  readonly pretrained?: boolean;
}

/** What a downloaded file must amount to, as its publishers say. */
export interface PublishedHash {
  readonly algorithm: 'md5' | 'sha256';
  /** In lower-case hexadecimal digits; the first ones of the whole where `prefix` is set, as torchvision names its files. */
  readonly digest: string;
  readonly prefix?: true;
}

export interface PublishedWeights {
  readonly url: string;
  /** What the file is called where it is kept. */
  readonly file: string;
  /** Left out where nobody published one. */
  readonly hash?: PublishedHash;
}

/** A pretrained architecture: what a gallery shows of it, how its graph is made, and where its weights are. */
export interface ZooEntry {
  /** As its framework exports it: `ResNet50`. Unique in the zoo. */
  readonly name: string;
  /** Architectures of one paper or one file, for a gallery: `ResNet`. */
  readonly family: string;
  readonly source: 'keras' | 'torchvision';
  /** In pixels. `least` is the smallest height or width that the framework takes. */
  readonly input: { readonly size: readonly [height: number, width: number]; readonly least: number };
  /** With the published top, statistics counted too, as Keras counts. */
  readonly parameters: number;
  /** What images go through before the model; `none` where the model begins with its own scaling of 0–255. */
  readonly preprocess: Preprocess;
  /** On ImageNet's validation images, in per cent, as published. */
  readonly publishedTop1?: number;
  /** Of the published weights, as an SPDX identifier. */
  readonly licence: string;
  readonly weights: { readonly top?: PublishedWeights; readonly noTop?: PublishedWeights };
  /**
   * The graph with the framework's layer names and configurations, its weights starting from their initializers.
   * @throws Failure `ZOO_INPUT_SIZE`, `ZOO_CLASSES`, `ZOO_ACTIVATION`
   */
  build(options?: ZooOptions): LayerGraph;
}
