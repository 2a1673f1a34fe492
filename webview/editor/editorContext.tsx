import { createContext, useContext } from 'react';
import type { Bridge } from '../bridge';
import type { EditorToHost, HostToEditor } from '../../src/protocol/editor';
import type { Controller } from './state/controller';
import type { EditorState, Remembered } from './state/editorState';
import { useStore } from './state/store';
import type { Store } from './state/store';

export interface Editor {
  readonly store: Store<EditorState>;
  readonly controller: Controller;
  readonly bridge: Bridge<HostToEditor, EditorToHost, Remembered>;
}

const EditorContext = createContext<Editor | null>(null);

export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('no editor around this component');
  return editor;
}

/** A part of the editor's state; draws again when that part changes. */
export function useEditorState<Part>(select: (state: EditorState) => Part): Part {
  return useStore(useEditor().store, select);
}
