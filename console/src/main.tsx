import "./console.css";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { AgentsPage } from "./pages/Agents.js";
import { ConversationsPage } from "./pages/Conversations.js";
import { DraftsPage } from "./pages/Drafts.js";
import { HealthPage } from "./pages/Health.js";
import { InboxPage } from "./pages/Inbox.js";
import { PeoplePage } from "./pages/People.js";
import { SettingsPage } from "./pages/Settings.js";
import { UsagePage } from "./pages/Usage.js";
import { Locked } from "./parts/Locked.js";
import { Shell } from "./parts/Shell.js";
import { isIn } from "./state/ask.js";
import { listen } from "./state/live.js";
import { place } from "./state/place.js";

const pages: Record<string, [title: string, page: () => preact.JSX.Element]> = {
  conversations: ["Chats", ConversationsPage],
  inbox: ["Inbox", InboxPage],
  people: ["People", PeoplePage],
  drafts: ["Drafts", DraftsPage],
  agents: ["Agents", AgentsPage],
  health: ["Health", HealthPage],
  usage: ["Usage", UsagePage],
  settings: ["Settings", SettingsPage],
};

function Console() {
  const name = place.value.page in pages ? place.value.page : "conversations";
  const [title, Shown] = pages[name]!;
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · Tapback`;
    // Who uses the keyboard or hears the page goes on where the new page begins.
    if (!isFirst.current) document.getElementById("page")?.focus();
    isFirst.current = false;
  }, [name]);
  if (!isIn.value) return <Locked />;
  return (
    <Shell>
      <Shown />
    </Shell>
  );
}

listen();
render(<Console />, document.getElementById("console")!);
