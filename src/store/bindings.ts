/** A conversation that was bound to a session from the chat (behaviour 6.4). */
export interface ChatBinding {
  account: string;
  chatKey: string;
  sessionKey: string;
  agentId: string;
  createdAt: number;
}

/** What was set for one session from the chat; it wins over the configuration. */
export interface SessionSettings {
  /** Working folder, absolute. */
  cwd?: string;
  model?: string;
  /** The agent's mode, e.g. `plan`. */
  sessionMode?: string;
  mode?: "persistent" | "oneshot";
  /** Whether permission requests are asked, or answered alike. Default `ask`. */
  permissions?: "ask" | "allow" | "deny";
  /** Time limit of its turns, seconds. */
  timeoutSeconds?: number;
}

export interface BindingStore {
  /** Binds a conversation, instead of what it was bound to, with the settings of its session. */
  bind(binding: ChatBinding, settings: SessionSettings): Promise<void>;
  /** Removes a binding and everything that its session remembers. @returns false when there was none */
  unbind(account: string, chatKey: string): Promise<boolean>;
  /** The binding of the first of these keys that has one. */
  find(account: string, chatKeys: string[]): Promise<ChatBinding | undefined>;
  /** Those of an account, or of all, oldest first. */
  list(account?: string): Promise<ChatBinding[]>;
  /** What was set for a session; empty where nothing was. */
  settings(sessionKey: string): Promise<SessionSettings>;
  /** Replaces the settings of a session. */
  setSettings(sessionKey: string, settings: SessionSettings): Promise<void>;
}
