import { Failure } from '../../core/failure';
import type { Format } from '../format';
import { writePython } from './write';
import { t } from '../../l10n/translate';

/** A Keras script that does the work again. It is written, never read: what a program does, only running it says. */
export const pythonFormat: Format = {
  name: 'python',
  title: t('Python script'),
  extensions: ['.py'],
  detect: () => Promise.resolve(false),
  read(path) {
    throw new Failure(
      'input',
      'FORMAT_WRITE_ONLY',
      t('{0}: a script is not a model; open the model that it loads', path),
      { path },
    );
  },
  write: writePython,
};
