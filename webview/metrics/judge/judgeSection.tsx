import { Icon } from '../../ui/icon';
import type { SectionProps } from '../sections';

/** What the shown run's model makes of images. */
export function JudgeSection({ shown }: SectionProps) {
  return (
    <div className="section-empty">
      <Icon name="eye" />
      <h1>{shown ? `${shown.view.name} is not judged yet` : 'No run is chosen'}</h1>
      <p>A run is judged by what its model makes of the images that were held out from training.</p>
    </div>
  );
}
