import { useSignal } from "@preact/signals";
import { Ago } from "../parts/Ago.js";
import { Command } from "../parts/Command.js";
import { DoButton } from "../parts/DoButton.js";
import { EnrolmentCard } from "../parts/Enrolment.js";
import { Option } from "../parts/Field.js";
import { Limits } from "../parts/Limits.js";
import { Empty, Page } from "../parts/Page.js";
import { Person } from "../parts/Person.js";
import { Said } from "../parts/Said.js";
import { Trouble } from "../parts/Trouble.js";
import type { Admitted, PairingRequest } from "../state/answers.js";
import { get, post } from "../state/ask.js";
import { approveCommand } from "../state/commands.js";
import { to } from "../state/place.js";
import { useResource } from "../state/resource.js";

/** Who asks to be let in, and who is. */
export function PeoplePage() {
  const requests = useResource("", () => get<{ items: PairingRequest[] }>("/v1/pairing"), [
    "journal",
    "outbox",
    "health",
  ]);
  const admitted = useResource("", () => get<{ items: Admitted[] }>("/v1/admitted"), [
    "journal",
    "outbox",
    "health",
  ]);
  const told = useSignal("");
  const settle = (words: string) => {
    told.value = words;
    requests.again();
    admitted.again();
  };
  return (
    <Page title="People">
      <section aria-labelledby="asking">
        <h2 id="asking">Asking to be let in</h2>
        <Trouble of={requests.refused} />
        <p role="status" class={told.value ? "told" : "unseen"}>
          {told.value}
        </p>
        {requests.value?.items.length === 0 && <Empty>Nobody is waiting.</Empty>}
        <ul class="cards">
          {requests.value?.items.map((request) => (
            <Request key={request.account + request.code} request={request} onSettled={settle} />
          ))}
        </ul>
      </section>
      <Trouble of={admitted.refused} />
      {admitted.value?.items.map((account) => (
        <AccountPeople key={account.account} account={account} onSettled={settle} />
      ))}
      <Limits />
      <Command line="tapback pairing list" />
    </Page>
  );
}

function Request({ request, onSettled }: { request: PairingRequest; onSettled: (words: string) => void }) {
  const { account, sender, name, code, requestedAt, text } = request;
  const replay = useSignal(true);
  const notify = useSignal(false);
  const body = { replay: replay.value, notify: notify.value };
  const approve = async () => {
    const path = `/v1/pairing/${code}/admit?account=${encodeURIComponent(account)}`;
    onSettled((await post<{ report: string[] }>(path, body)).report.join(" "));
  };
  const deny = async () => {
    await post(`/v1/pairing/${code}/deny?account=${encodeURIComponent(account)}`);
    onSettled(`${name || sender} stays outside.`);
  };
  return (
    <li class="card">
      <h3>
        <bdi>{name || sender}</bdi>
      </h3>
      <p class="quiet">
        <bdi>{sender}</bdi> · asked <Ago at={requestedAt} /> · code <code>{code}</code>
      </p>
      <blockquote dir="auto">
        <Said text={text} />
      </blockquote>
      <p class="options">
        <Option of={replay}>Answer what was written</Option>
        <Option of={notify}>Tell them</Option>
      </p>
      <p class="buttons">
        <DoButton kind="main" act={approve}>
          Approve
        </DoButton>
        <DoButton act={deny}>Deny</DoButton>
      </p>
      <Command line={approveCommand({ account, code }, body)} />
    </li>
  );
}

function AccountPeople({ account, onSettled }: { account: Admitted; onSettled: (words: string) => void }) {
  const { owners, allowFrom, approved, optedOut, dmPolicy } = account;
  const revoke = (handle: string) => async () => {
    await post(
      `/v1/people/${encodeURIComponent(handle)}/revoke?account=${encodeURIComponent(account.account)}`,
    );
    onSettled(`${handle} is no longer approved.`);
  };
  return (
    <section aria-labelledby={`people-${account.account}`}>
      <h2 id={`people-${account.account}`}>
        Account {account.account} <span class="quiet">dmPolicy {dmPolicy}</span>
      </h2>
      <EnrolmentCard account={account.account} />
      <div class="columns">
        <Names title="Owners" names={owners} none="Nobody is the owner yet." />
        <Names
          title="Named in the settings"
          names={allowFrom.everyone ? ["Everybody"] : allowFrom.handles}
          none="Nobody is named."
          link={allowFrom.key}
        />
        <div>
          <h3>Approved</h3>
          {approved.length === 0 && <Empty>Nobody was approved.</Empty>}
          <ul class="names">
            {approved.map(({ handle, approvedAt }) => (
              <li key={handle}>
                <Person handle={handle} />
                <span class="quiet">
                  <Ago at={approvedAt} />
                </span>
                <DoButton act={revoke(handle)} ask="Take it back?" label={`Revoke ${handle}`}>
                  Revoke
                </DoButton>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>Said STOP</h3>
          {optedOut.length === 0 && <Empty>Nobody did.</Empty>}
          <ul class="names">
            {optedOut.map(({ handle, since }) => (
              <li key={handle}>
                <Person handle={handle} />
                <span class="quiet">
                  <Ago at={since} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

function Names({
  title,
  names,
  none,
  link,
}: {
  title: string;
  names: string[];
  none: string;
  link?: string;
}) {
  return (
    <div>
      <h3>{title}</h3>
      {names.length === 0 && <Empty>{none}</Empty>}
      <ul class="names">
        {names.map((name) => (
          <li key={name}>
            <Person handle={name} />
          </li>
        ))}
      </ul>
      {link && (
        <p>
          <a href={to(["settings"], { key: link })}>{link}</a>
        </p>
      )}
    </div>
  );
}
