import { useSignal } from "@preact/signals";
import { Ago } from "../parts/Ago.js";
import { Command } from "../parts/Command.js";
import { DoButton } from "../parts/DoButton.js";
import { Empty, Page } from "../parts/Page.js";
import { Person } from "../parts/Person.js";
import { Said } from "../parts/Said.js";
import { Trial } from "../parts/Trial.js";
import { Trouble } from "../parts/Trouble.js";
import { When } from "../parts/When.js";
import type { AgentProof, Agents, Scheduled } from "../state/answers.js";
import { get, post } from "../state/ask.js";
import { useResource } from "../state/resource.js";

type Agent = Agents["agents"][number];

/** Who answers, in which sessions, and what comes later. */
export function AgentsPage() {
  const agents = useResource("", () => get<Agents>("/v1/agents"), ["health", "turns"]);
  const schedule = useResource("", () => get<{ items: Scheduled[] }>("/v1/schedule"), ["schedule"]);
  return (
    <Page title="Agents">
      <Trouble of={agents.refused} />
      <ul class="cards">
        {agents.value?.agents.map((agent) => (
          <AgentCard key={agent.id} agent={agent} />
        ))}
      </ul>
      <section aria-labelledby="sessions">
        <h2 id="sessions">Sessions</h2>
        {agents.value?.sessions.length === 0 && (
          <Empty>No conversation is bound to a session, and none runs.</Empty>
        )}
        <ul class="names">
          {agents.value?.sessions.map(({ account, sessionKey, bound, state }) => (
            <li key={account + sessionKey + bound?.chatKey}>
              <span class="path">
                {bound ? `${bound.agentId} in ${bound.chatKey.replace(/^chat:/, "chat_id:")}` : sessionKey}
              </span>
              <span class={`standing ${kinds[state]}`}>{state}</span>
            </li>
          ))}
        </ul>
        <Command line="/acp sessions" />
      </section>
      <section aria-labelledby="schedule">
        <h2 id="schedule">Later</h2>
        <Trouble of={schedule.refused} />
        {schedule.value?.items.length === 0 && <Empty>Nothing is scheduled.</Empty>}
        <ul class="cards">
          {schedule.value?.items.map((each) => (
            <ScheduleCard key={each.id} scheduled={each} onCancelled={schedule.again} />
          ))}
        </ul>
        <Command line="tapback schedule list" />
      </section>
      <section aria-labelledby="known">
        <h2 id="known">Known by name</h2>
        <ul class="names">
          {agents.value?.known.map(({ name, title, found, install }) => (
            <li key={name}>
              <span>
                {title} <code>{name}</code>
              </span>
              <span class="quiet">{found ? "installed" : (install ?? "needs Node.js with npx")}</span>
            </li>
          ))}
        </ul>
        <Command line="tapback agents list" />
      </section>
    </Page>
  );
}

const kinds = { asleep: "off", waiting: "good", working: "busy" };

function AgentCard({ agent }: { agent: Agent }) {
  const { id, name, runtime, model, workspace, default: isDefault } = agent;
  const proof = useSignal<AgentProof | undefined>(undefined);
  const prove = async () => {
    proof.value = undefined;
    proof.value = await post<AgentProof>(`/v1/agents/${encodeURIComponent(id)}/prove`);
  };
  return (
    <li class="card">
      <h2>
        {name ?? id} {isDefault && <span class="quiet">answers by default</span>}
      </h2>
      <p class="quiet path">
        {[...(name && name !== id ? [id] : []), runtime, ...(model ? [model] : [])].join(" · ")}
        {workspace && (
          <>
            {" "}
            · <code>{workspace}</code>
          </>
        )}
      </p>
      <p role="status" class={proof.value ? (proof.value.ok ? "good-text" : "bad-text") : "unseen"}>
        {proof.value && `${proof.value.ok ? "Ready" : "Not ready"}: ${proof.value.detail}`}
        {proof.value?.remedy && ` ${proof.value.remedy}`}
      </p>
      <p class="buttons">
        <DoButton act={prove}>Prove that {id} is ready</DoButton>
      </p>
      <Command line={`tapback agents doctor ${id}`} />
      <Trial agent={id} />
    </li>
  );
}

function ScheduleCard({ scheduled, onCancelled }: { scheduled: Scheduled; onCancelled: () => void }) {
  const { id, target, dueAt, goesAt, repeat, by, kind, text, createdAt } = scheduled;
  const cancel = async () => {
    await post(`/v1/schedule/${encodeURIComponent(id)}/cancel`);
    onCancelled();
  };
  return (
    <li class="card">
      <h3>
        {kind === "turn" ? "Asks the agent" : "Sends"} <When at={dueAt} />
      </h3>
      <p class="quiet">
        To <Person handle={target} />
        {goesAt !== dueAt && (
          <>
            , goes <When at={goesAt} /> (quiet hours)
          </>
        )}
        {repeat && ` · again ${repeat.cron} (${repeat.zone})`}
        {by && (
          <>
            {" "}
            · by <bdi>{by.name ?? by.handle}</bdi>
          </>
        )}{" "}
        · made <Ago at={createdAt} />
      </p>
      <blockquote dir="auto">
        <Said text={text ?? ""} />
      </blockquote>
      <p class="buttons">
        <DoButton act={cancel} ask="Cancel it?" label={`Cancel ${id}`}>
          Cancel
        </DoButton>
      </p>
      <Command line={`tapback schedule cancel ${id}`} />
    </li>
  );
}
