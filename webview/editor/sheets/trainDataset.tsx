import type { DatasetView, TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { count, counted } from '../model/text';

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
      <span className="field-label">Dataset</span>
      <div className="dataset">
        <div className="dataset-head">
          <Icon name={dataset ? 'folder-opened' : 'folder'} />
          <span className="dataset-label" title={form.dataFolder}>
            {dataset?.label ?? (form.dataFolder || 'No folder chosen')}
          </span>
          <Button onClick={() => controller.post({ type: 'browseDataset' })}>Browse…</Button>
        </div>
        {dataset ? (
          <>
            <p className="dataset-total">
              {counted(images, 'image')} in {dataset.classes.length}{' '}
              {dataset.classes.length === 1 ? 'class' : 'classes'}
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
          <p className="dataset-total">A folder of images, with one folder for each class.</p>
        )}
      </div>
    </div>
  );
}
