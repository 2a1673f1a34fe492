import { useEffect } from 'react';
import { ActionBar } from '../bars/actionBar';
import { FaultBar } from '../bars/faultBar';
import { Header } from '../bars/header';
import { NoticeBox } from '../bars/notice';
import { Totals } from '../bars/totals';
import { WeightsBanner } from '../bars/weightsBanner';
import { useEditor, useEditorState } from '../editorContext';
import { Canvas } from '../graph/canvas';
import { Inspector } from '../inspector/inspector';
import { useShortcuts } from '../keyboard/shortcuts';
import { ContextMenu, SideSheet, SummaryView, useParts } from './later';
import { Loading, Unreadable } from './states';
import { SidePanel } from './sidePanel';
import '../theme.css';
import '../bars/bars.css';
import './app.css';

export function EditorApp() {
  const editor = useEditor();
  useShortcuts(editor);
  const phase = useEditorState((state) => state.phase);
  useEffect(() => {
    // VS Code's own menu has nothing for a graph.
    const suppress = (event: Event) => {
      if (event.target instanceof Element && event.target.closest('.canvas, .menu')) event.preventDefault();
    };
    window.addEventListener('contextmenu', suppress);
    return () => window.removeEventListener('contextmenu', suppress);
  }, []);
  switch (phase.kind) {
    case 'loading':
      return <Loading file={phase.file} />;
    case 'unreadable':
      return <Unreadable code={phase.code} message={phase.message} />;
    case 'ready':
      return <Workbench />;
  }
}

function Workbench() {
  const main = useEditorState((state) => state.main);
  const side = useEditorState((state) => state.side);
  const hasMenu = useEditorState((state) => state.menu !== null);
  useParts();
  return (
    <div className="workbench">
      <Header />
      <WeightsBanner />
      <FaultBar />
      <div className="workbench-body">
        <main className="stage">
          {main === 'graph' ? (
            <>
              <Canvas />
              <ActionBar />
            </>
          ) : (
            <SummaryView />
          )}
          <NoticeBox />
        </main>
        <SidePanel>{side === 'inspector' ? <Inspector /> : <SideSheet />}</SidePanel>
      </div>
      <Totals />
      {hasMenu ? <ContextMenu /> : null}
    </div>
  );
}
