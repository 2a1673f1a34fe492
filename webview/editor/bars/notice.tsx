import { Icon } from '../../ui/icon';
import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { t } from '../../../src/l10n/translate';

/** An intent that the host refused, until it is dismissed or the model changes. */
export function NoticeBox() {
  const { controller } = useEditor();
  const notice = useEditorState((state) => state.notice);
  if (!notice) return null;
  return (
    <div className="notice" role="alert">
      <Icon name="error" />
      <div className="notice-text">
        <p>{notice.message}</p>
        <code>{notice.code}</code>
      </div>
      <IconButton icon="close" label={t('Dismiss')} onClick={controller.dismissNotice} />
    </div>
  );
}
