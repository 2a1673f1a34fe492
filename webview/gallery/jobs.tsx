import { showDownloaded } from '../../src/core/summary/amounts';
import type { GalleryJob, GalleryToHost } from '../../src/protocol/gallery';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { ACTION_WORDS, troubleOf, type TroubleAction } from './trouble';
import { t } from '../../src/l10n/translate';

export interface JobsProps {
  readonly jobs: readonly GalleryJob[];
  /** Left out where nothing is downloaded. */
  readonly onShowCached: (() => void) | undefined;
  readonly post: (message: GalleryToHost) => void;
}

/** The models on their way into the workspace, and those that did not get there. */
export function Jobs({ jobs, onShowCached, post }: JobsProps) {
  if (jobs.length === 0) return null;
  return (
    <ul className="jobs" aria-label={t('Models on their way')}>
      {jobs.map((job) => (
        <li className={`job ${job.state.kind}`} key={job.id}>
          <Job {...{ job, onShowCached, post }} />
        </li>
      ))}
    </ul>
  );
}

function Job({ job, onShowCached, post }: Omit<JobsProps, 'jobs'> & { readonly job: GalleryJob }) {
  const { id, name, target, state } = job;
  const again = () => post({ type: 'again', id });
  if (state.kind === 'failed') {
    const { title, actions } = troubleOf(state);
    const act: Readonly<Record<TroubleAction, (() => void) | undefined>> = {
      again,
      showCached: onShowCached,
      mirror: () => post({ type: 'settings', of: 'mirror' }),
      proxy: () => post({ type: 'settings', of: 'proxy' }),
      trust: () => post({ type: 'trust' }),
      log: () => post({ type: 'showLog' }),
    };
    return (
      <div className="job-trouble" role="alert">
        <Icon name="error" />
        <div className="job-words">
          <h2>{`${name}: ${title}`}</h2>
          <p>{state.message}</p>
          <code>{state.code}</code>
          <div className="job-actions">
            {actions.map((action, at) => {
              const run = act[action];
              const { label, icon } = ACTION_WORDS[action];
              return (
                run && (
                  <Button
                    key={action}
                    icon={icon}
                    onClick={run}
                    appearance={at === 0 ? 'primary' : 'secondary'}
                  >
                    {label}
                  </Button>
                )
              );
            })}
          </div>
        </div>
        <IconButton
          icon="close"
          label={t('Dismiss {0}', name)}
          onClick={() => post({ type: 'dismiss', id })}
        />
      </div>
    );
  }
  if (state.kind === 'stopped') {
    return (
      <>
        <Icon name="debug-pause" />
        <p className="job-line" role="status">
          <b>{name}</b> {t('was stopped; what came is kept.')}
        </p>
        <Button icon="debug-continue" onClick={again}>
          {t('Resume')}
        </Button>
        <IconButton
          icon="close"
          label={t('Dismiss {0}', name)}
          onClick={() => post({ type: 'dismiss', id })}
        />
      </>
    );
  }
  const { text, share } = progressOf(job);
  return (
    <>
      <Icon name="loading" spin />
      <div className="job-line">
        <p>
          <b>{name}</b>
          <span className="quiet">{t(' to {0}', target)}</span>
          <span className="job-text">{text}</span>
        </p>
        <div
          className={share === null ? 'bar unknown' : 'bar'}
          role="progressbar"
          aria-label={t('{0} on its way to {1}', name, target)}
          aria-valuetext={text}
          {...(share !== null && {
            'aria-valuemin': 0,
            'aria-valuemax': 100,
            'aria-valuenow': Math.round(100 * share),
          })}
        >
          <i style={share === null ? undefined : { transform: `scaleX(${share})` }} />
        </div>
      </div>
      <Button icon="debug-stop" onClick={() => post({ type: 'stop', id })}>
        {t('Cancel')}
      </Button>
    </>
  );
}

function progressOf({ state, random }: GalleryJob): { readonly text: string; readonly share: number | null } {
  if (state.kind === 'downloading') {
    const { bytes, whole } = state;
    return { text: showDownloaded(bytes, whole), share: whole === null ? null : whole && bytes / whole };
  }
  if (state.kind === 'writing') return { text: t('writing the model'), share: state.share };
  return { text: random ? t('building') : t('looking for its weights'), share: null };
}
