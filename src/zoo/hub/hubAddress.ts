import { Failure } from '../../core/failure';
import { requireSecure } from '../../download/secureAddress';
import { t } from '../../l10n/translate';

/** Where a module is fetched from. */
export interface HubAddress {
  /** Of its archive, or of its `model.json`. */
  readonly url: string;
  /** What its layers are grouped under: letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** TensorFlow Hub or Kaggle, whose files a mirror may have. */
  readonly published: boolean;
}

/** What a page of Kaggle's has besides its model's parts: `models/o/m/frameworks/f/variations/v/versions/1`. */
const KAGGLE_WORDS: ReadonlySet<string> = new Set(['frameworks', 'variations', 'versions']);
/** Owner, model, framework, variation, version. */
const KAGGLE_PARTS = 5;

/** A step of a path that says no name: a version, a framework. */
const COUNTS = /^(\d+|default|tfjs|tensorflow[12])$/i;
const MODEL_JSON = 'model.json';

/** Whether a text is meant as an address, not as the name of a model or of a file. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/**
 * The file that an address of a module stands for. TensorFlow Hub gives a module's page for its own address, an archive of
 * it for `?tf-hub-format=compressed`, and the files of a TensorFlow.js model by name for `?tfjs-format=file`. Kaggle gives
 * an archive of a model's version by its API. Any other address is the file itself.
 *
 * @throws Failure `URL_INSECURE`; `HUB_ADDRESS` for a page of Kaggle's that is of no version of a model
 */
export function hubAddress(text: string): HubAddress {
  const given = requireSecure(text.trim());
  const host = given.hostname.replace(/^www\./, '');
  if (host === 'tfhub.dev') return { url: onTfHub(given), name: nameOf(given), published: true };
  const parts = given.pathname.split('/').filter((part) => part !== '');
  const isPage = host === 'kaggle.com' && parts[0] === 'models' && parts.at(-1) !== MODEL_JSON;
  if (!isPage) return { url: given.href, name: nameOf(given), published: host === 'kaggle.com' };
  const told = parts.slice(1).filter((part) => !KAGGLE_WORDS.has(part));
  const [owner, model, framework, variation, version = ''] = told;
  if (told.length !== KAGGLE_PARTS || !/^\d+$/.test(version)) {
    throw new Failure(
      'usage',
      'HUB_ADDRESS',
      t(
        'found "{0}", expected the page of one version of a model, as https://www.kaggle.com/models/OWNER/MODEL/FRAMEWORK/VARIATION/VERSION',
        text,
      ),
    );
  }
  const spelled = `${framework!.charAt(0).toLowerCase()}${framework!.slice(1)}`;
  const path = [owner, model, spelled, variation, version].join('/');
  return {
    url: `${given.origin}/api/v1/models/${path}/download`,
    name: plain(`${model}_${variation}`),
    published: true,
  };
}

function onTfHub(given: URL): string {
  const url = new URL(given.href);
  const path = url.pathname.replace(/\/+$/, '');
  const { searchParams } = url;
  if (searchParams.has('tf-hub-format') || searchParams.get('tfjs-format') === 'compressed') return url.href;
  const isFile = path.endsWith(`/${MODEL_JSON}`);
  if (isFile || searchParams.has('tfjs-format') || path.includes('/tfjs-model/')) {
    url.pathname = isFile ? path : `${path}/${MODEL_JSON}`;
    searchParams.set('tfjs-format', 'file');
  } else {
    url.pathname = path;
    searchParams.set('tf-hub-format', 'compressed');
  }
  return url.href;
}

/** The last two steps of the path that are names, without the owner: `inception_v3_feature_vector`. */
function nameOf({ hostname, pathname }: URL): string {
  const steps = pathname
    .replace(/\.(tar\.gz|tgz|tar)$/i, '')
    .split('/')
    .filter((step) => step !== '' && step !== MODEL_JSON && !COUNTS.test(step));
  const isFeature = /^(feature[_-]?vector|classification)$/i.test(steps.at(-1) ?? '');
  return plain(steps.slice(isFeature ? -2 : -1).join('_')) || plain(hostname);
}

/** For a group, a folder and a freeze rule. */
export function plain(name: string): string {
  return decoded(name)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+|[._]+$/g, '')
    .slice(0, MOST_NAME);
}

/** Folders are named after modules; systems allow 255 bytes, and a mark goes with the name. */
const MOST_NAME = 100;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
