import { Ago } from "../parts/Ago.js";
import { Command } from "../parts/Command.js";
import { GatewayLog } from "../parts/GatewayLog.js";
import { Nodes } from "../parts/Nodes.js";
import { Empty, Page } from "../parts/Page.js";
import { Said } from "../parts/Said.js";
import { Trouble } from "../parts/Trouble.js";
import type { Doubtful, Health } from "../state/answers.js";
import { get } from "../state/ask.js";
import { statusCommand } from "../state/commands.js";
import { useResource } from "../state/resource.js";

type Account = Health["accounts"][number];

/** How the gateway and each account do, stage by stage. */
export function HealthPage() {
  const health = useResource("", () => get<Health>("/v1/health"), ["health"]);
  const doubtful = useResource("", () => get<{ items: Doubtful[] }>("/v1/doubtful"), ["outbox"]);
  const gateway = health.value?.gateway;
  return (
    <Page
      title="Health"
      aside={
        gateway && (
          <p class="quiet">
            Gateway {gateway.version}, pid {gateway.pid}, started <Ago at={gateway.startedAt} />
          </p>
        )
      }
    >
      <Trouble of={health.refused} />
      {health.value?.accounts.length === 0 && <Empty>No account is configured. Run tapback init.</Empty>}
      {health.value?.accounts.map((account) => (
        <AccountHealth key={account.id} account={account} />
      ))}
      <Command line="tapback channels status --probe" />
      <Nodes />
      <section aria-labelledby="doubtful">
        <h2 id="doubtful">Sends that did not leave, or in doubt</h2>
        <Trouble of={doubtful.refused} />
        {doubtful.value?.items.length === 0 && <Empty>There are none.</Empty>}
        <ul class="cards">
          {doubtful.value?.items.map(({ id, account, state, target, text, file, sentAt, error }) => (
            <li class="card" key={id}>
              <h3>{state === "unknown" ? "Nobody knows whether this was sent" : "Not sent"}</h3>
              <p class="quiet">
                To <bdi>{target}</bdi> · <Ago at={sentAt} />
              </p>
              <blockquote dir="auto">
                <Said text={text ?? file ?? ""} />
              </blockquote>
              {error && (
                <p class="bad-text">
                  {error.message} <code>{error.code}</code>
                </p>
              )}
              <Command line={statusCommand({ id, account })} />
            </li>
          ))}
        </ul>
      </section>
      <GatewayLog />
    </Page>
  );
}

function AccountHealth({ account }: { account: Account }) {
  const {
    id,
    name,
    verdict,
    stages,
    queues,
    deliveries,
    restarts,
    connectedSince,
    lastInboundAt,
    lastOutboundAt,
  } = account;
  const works = verdict === "works";
  return (
    <section class="card" aria-labelledby={`account-${id}`}>
      <h2 id={`account-${id}`}>
        {name || id} <span class={`standing ${works ? "good" : "bad"}`}>{verdict}</span>
      </h2>
      <ul class="stages">
        {stages.map((stage) => (
          <li key={stage.name} class={stage.ok ? "good" : "bad"}>
            <span class="mark" role="img" aria-label={stage.ok ? "works" : "broken"} />
            <strong>{stage.name}</strong>
            <span class="detail">
              {stage.detail}
              {stage.remedy && <span class="remedy"> {stage.remedy}</span>}
            </span>
            <span class="quiet">{stage.provenAt && <Ago at={stage.provenAt} />}</span>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <Fact name="Connected">
          <Ago at={connectedSince} />
        </Fact>
        <Fact name="Last in">
          <Ago at={lastInboundAt} />
        </Fact>
        <Fact name="Last out">
          <Ago at={lastOutboundAt} />
        </Fact>
        <Fact name="Restarts">{restarts}</Fact>
        <Fact name="To decide">{queues.inbound}</Fact>
        <Fact name="Turns queued">{queues.turns}</Fact>
        <Fact name="Turns running">{queues.running}</Fact>
        <Fact name="To send">{queues.outbox.pending + queues.outbox.sending}</Fact>
        <Fact name="Held in drafts">{queues.outbox.held}</Fact>
        <Fact name="Delivered">{deliveries.delivered}</Fact>
        <Fact name="Read">{deliveries.read}</Fact>
        <Fact name="Went as SMS">{deliveries.downgraded}</Fact>
        <Fact name="Not delivered">{deliveries.failed}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
