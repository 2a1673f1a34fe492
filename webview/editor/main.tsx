import { createRoot } from 'react-dom/client';
import { EDITOR_PROTOCOL } from '../../src/protocol/editor';
import type { EditorToHost, HostToEditor } from '../../src/protocol/editor';
import { connect } from '../bridge';
import { EditorApp } from './app/editorApp';
import { compareModels } from './diff/comparison';
import { EditorProvider } from './editorContext';
import { requestFocus } from './keyboard/focusRequests';
import { createLayoutService } from './layout/layoutService';
import { createCommands } from './state/commands';
import { createController } from './state/controller';
import { markOpening } from './openingMarks';
import { drawModels } from './state/drawing';
import { initialState } from './state/editorState';
import type { EditorState, Remembered } from './state/editorState';
import { isHostToEditor } from './state/hostMessages';
import { receive } from './state/receive';
import { createStore } from './state/store';
import { selectFieldsOnce } from '../ui/selectAll';

const bridge = connect<HostToEditor, EditorToHost, Remembered>(isHostToEditor);
const store = createStore<EditorState>(initialState(bridge.remembered()));
const controller = createController(store, bridge.post);
const carryOut = createCommands(store, controller);

markOpening(store);
selectFieldsOnce();

compareModels(store, bridge.post);
const layouts = createLayoutService();
drawModels(store, layouts);
bridge.onMessage((message) => {
  if (message.type !== 'command') {
    store.set(receive(store.get(), message));
    return;
  }
  carryOut(message.command);
  if (message.command === 'search') requestFocus('search');
  if (message.command === 'freezeByRegex') requestFocus('regex');
});

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <EditorProvider value={{ store, controller, bridge }}>
    <EditorApp />
  </EditorProvider>,
);
bridge.post({ type: 'ready', protocol: EDITOR_PROTOCOL });
// A worker starts in turns with the page: beside a large model's first look it would come too late.
requestIdleCallback(() => {
  if (store.get().model === null) layouts.prepare();
});
