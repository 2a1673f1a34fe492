import { Icon } from '../ui/icon';
import { t } from '../../src/l10n/translate';

const STEPS = [
  {
    icon: 'file-submodule',
    title: t('Open a trained model'),
    text: t('In the Explorer, right-click a model file (.h5 or model.json) and choose Fine-tune.'),
  },
  {
    icon: 'git-compare',
    title: t('Cut, graft, freeze'),
    text: t('Keep the backbone, give it a new head, and freeze what should not change.'),
  },
  {
    icon: 'play',
    title: t('Train'),
    text: t('Choose a folder of images, a folder a class. The curves are drawn here as they come.'),
  },
] as const;

/** Nothing has been trained yet: how to come to a run. */
export function NoRuns() {
  return (
    <main className="no-runs">
      <Icon name="graph-line" className="no-runs-icon" />
      <h1>{t('No training runs yet')}</h1>
      <ol>
        {STEPS.map(({ icon, title, text }) => (
          <li key={title}>
            <Icon name={icon} />
            <div>
              <h2>{title}</h2>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </main>
  );
}

/** The first moment, before the host has said what there is: shown late, so that it seldom flashes up. */
export function WaitingForHost() {
  return (
    <p className="hint late" role="status">
      {t('Looking for runs…')}
    </p>
  );
}
