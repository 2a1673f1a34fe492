/**
 * The wire to the extension host, and the only caller of `acquireVsCodeApi`: messages of one union in, of another
 * out, and a little state that VS Code keeps while the webview is away.
 */

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Bridge<Incoming, Outgoing, State extends object> {
  post(message: Outgoing): void;
  /** Calls `listener` with every message of the host; returns what ends that. */
  onMessage(listener: (message: Incoming) => void): () => void;
  /** What was remembered last; empty on a first opening. */
  remembered(): Partial<State>;
  /** Adds to what is remembered. */
  remember(state: Partial<State>): void;
}

/**
 * May be called once a page: VS Code hands its api out a single time.
 *
 * @param isMessage what is posted and is none is passed over: browser extensions and devtools post to the window too, and
 * a page outlives the extension that made it and meets the next
 */
export function connect<Incoming extends { readonly type: string }, Outgoing, State extends object>(
  isMessage: (posted: unknown) => posted is Incoming,
): Bridge<Incoming, Outgoing, State> {
  const api = acquireVsCodeApi();
  const remembered = () => (api.getState() ?? {}) as Partial<State>;
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => {
      const receive = (event: MessageEvent<unknown>) => {
        if (isMessage(event.data)) listener(event.data);
      };
      window.addEventListener('message', receive);
      return () => window.removeEventListener('message', receive);
    },
    remembered,
    remember: (state) => {
      // Gives back what it was given, which an effect that ends with it would take for its clean-up.
      api.setState({ ...remembered(), ...state });
    },
  };
}
