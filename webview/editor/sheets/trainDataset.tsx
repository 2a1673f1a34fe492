import type { DatasetView, TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { count } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** The images that are trained on, and how many each class has. */
export function Dataset({
  form,
  dataset,
}: {
  readonly form: TrainingForm;
  readonly dataset: DatasetView | null;
}) {
  const { controller } = useEditor();
  const images = dataset?.classes.reduce((sum, one) => sum + one.images, 0) ?? 0;
  const most = dataset?.classes.reduce((largest, one) => Math.max(largest, one.images), 1) ?? 1;
  return (
    <div className="field">
      <span className="field-label">{t('Dataset')}</span>
      <div className="dataset">
        <div className="dataset-head">
          <Icon name={dataset ? 'folder-opened' : 'folder'} />
          <span className="dataset-label" title={form.dataFolder}>
            {dataset?.label ?? (form.dataFolder || t('No folder chosen'))}
          </span>
          <Button onClick={() => controller.post({ type: 'browseDataset' })}>{t('Browse…')}</Button>
        </div>
        {dataset ? (
          <>
            <p className="dataset-total">
              {tn(
                dataset.classes.length,
                '{0} in {1} class',
                '{0} in {1} classes',
                tn(images, '{0} image', '{0} images', count(images)),
                dataset.classes.length,
              )}
            </p>
            <ul className="classes">
              {dataset.classes.map(({ name, images: own }) => (
                <li key={name} data-empty={own === 0 || undefined}>
                  <span className="class-name">{name}</span>
                  <span className="class-bar">
                    <i style={{ width: `${(own / most) * 100}%` }} />
                  </span>
                  <span className="class-count">{count(own)}</span>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="dataset-total">{t('A folder of images, with one folder for each class.')}</p>
        )}
      </div>
    </div>
  );
}
