import { useEffect, useMemo, useReducer } from 'react';
import type { DroppedImage, JudgingFromPage } from '../../../src/protocol/judging';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import type { ShownRun } from '../panelState';
import type { SectionProps } from '../sections';
import { JudgeStates } from './judgeStates';
import { JudgedView } from './judgedView';
import { JudgementFacts } from './judgementFacts';
import { isJudging, NOTHING_JUDGED, receiveJudging } from './judgingState';
import { Pictures } from './picture';
import { PictureStore } from './pictureStore';
import { Predictions } from './predictions';
import { imageDrop } from './imageDrop';
import { t } from '../../../src/l10n/translate';

/** What the shown run's model makes of images: of those it held out, and of any that are dropped here. */
export function JudgeSection({ shown, post, listen, now }: SectionProps) {
  if (shown) return <RunJudged key={shown.view.id} {...{ shown, post, listen, now }} />;
  return (
    <div className="section-empty">
      <Icon name="eye" />
      <h1>{t('No run is chosen')}</h1>
      <p>{t('Choose a run to see what its model makes of the images that it held out from training.')}</p>
    </div>
  );
}

type RunProps = Pick<SectionProps, 'post' | 'listen' | 'now'> & { readonly shown: ShownRun };

function RunJudged({ shown: { view, state }, post, listen, now }: RunProps) {
  const { id, status } = view;
  const [{ judging, predicting }, receive] = useReducer(receiveJudging, NOTHING_JUDGED);
  const pictures = useMemo(
    () => new PictureStore((wanted) => post({ type: 'pictures', id, wanted })),
    [id, post],
  );
  useEffect(
    () =>
      listen((message) => {
        if (!isJudging(message) || message.id !== id) return;
        if (message.type === 'pictures') pictures.receive(message.pictures);
        else receive(message);
      }),
    [id, listen, pictures],
  );
  const checkpoints = state.marks.filter(({ kind }) => kind === 'checkpoint').length;
  // A run that ends or saves has another model than before.
  useEffect(() => post({ type: 'lookAtJudgement', id }), [id, status, checkpoints, post]);

  const predict = (from: Extract<JudgingFromPage, { type: 'predictImages' }>['from']) =>
    post({ type: 'predictImages', id, from });
  const drop = imageDrop({
    onDropped: (dropped: readonly DroppedImage[]) => predict({ dropped }),
    onWrong: (reason) => receive({ type: 'notPredicted', id, reason }),
  });
  const hasModel = judging.state !== 'noModel' && judging.state !== 'looking';
  return (
    <Pictures.Provider value={pictures}>
      <div className="judge" {...drop}>
        <div className="judge-bar">
          {judging.state === 'judged' ? (
            <JudgementFacts judgement={judging.judgement} now={now} />
          ) : (
            <span className="spring" />
          )}
          <div className="judge-actions">
            {judging.state === 'judged' && (
              <Button icon="refresh" onClick={() => post({ type: 'judge', id })}>
                {t('Judge Again')}
              </Button>
            )}
            {hasModel && (
              <>
                <Button icon="file-media" onClick={() => predict('files')}>
                  {t('Choose Images')}
                </Button>
                <Button icon="folder" onClick={() => predict('folder')}>
                  {t('Choose Folder')}
                </Button>
                {(status === 'finished' || status === 'stopped') && (
                  <Button icon="git-compare" onClick={() => post({ type: 'showMovement', id })}>
                    {t('Weight Movement')}
                  </Button>
                )}
              </>
            )}
          </div>
        </div>
        <div className="judge-body">
          <Predictions predicting={predicting} onClose={() => receive({ type: 'predictionsClosed' })} />
          {judging.state === 'judged' && judging.judgement.answers.kind === 'classes' ? (
            <JudgedView key={judging.judgement.time} answers={judging.judgement.answers} />
          ) : (
            <JudgeStates judging={judging} name={view.name} id={id} post={post} />
          )}
        </div>
      </div>
    </Pictures.Provider>
  );
}
