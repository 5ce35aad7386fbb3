import { useSignal } from "@preact/signals";
import type { Enrolment } from "../state/answers.js";
import { get, post } from "../state/ask.js";
import { pairCommand } from "../state/commands.js";
import { now } from "../state/live.js";
import { useResource } from "../state/resource.js";
import { Command } from "./Command.js";
import { DoButton } from "./DoButton.js";
import { Option } from "./Field.js";
import { QrCode } from "./QrCode.js";
import { Trouble } from "./Trouble.js";

/** A phrase that lets in whoever texts it first, with its end. @param account its id */
export function EnrolmentCard({ account }: { account: string }) {
  const query = `?account=${encodeURIComponent(account)}`;
  const found = useResource(account, () => get<{ newest: Enrolment | null }>(`/v1/enrolment${query}`), [
    "journal",
    "outbox",
  ]);
  const owner = useSignal(false);
  const newest = found.value?.newest;
  const isOpen = newest?.state === "open" && Date.parse(newest.expiresAt) > now.value;
  const open = async () => {
    await post(`/v1/enrolment${query}`, { owner: owner.value });
    found.again();
  };
  return (
    <div class="card enrolment">
      <h3>Let somebody in by a phrase</h3>
      <Trouble of={found.refused} />
      <div role="status">
        {newest && (isOpen ? <Open enrolment={newest} /> : <Ended enrolment={newest} />)}
      </div>
      <p class="options">
        <Option of={owner}>As an owner</Option>
      </p>
      <p class="buttons">
        <DoButton act={open} {...(isOpen && { ask: "Replace it?" })} label={`New phrase for ${account}`}>
          New phrase
        </DoButton>
      </p>
      <Command line={pairCommand(account, owner.value)} />
    </div>
  );
}

function Open({ enrolment }: { enrolment: Enrolment }) {
  const { phrase, owner, address, link, expiresAt } = enrolment;
  const minutes = Math.max(1, Math.round((Date.parse(expiresAt) - now.value) / 60_000));
  return (
    <>
      <p>
        Text this from the phone, as an iMessage, to be let in {owner ? "as an owner" : "for direct messages"}
        :
      </p>
      <p class="phrase">
        <strong>{phrase}</strong>
      </p>
      <p>
        {address ? (
          <>
            to <strong>{address}</strong>
          </>
        ) : (
          "to the address or number that Messages on the Mac is signed in with."
        )}{" "}
        <span class="quiet">
          It is good for {minutes} min more, until{" "}
          <time dateTime={expiresAt}>
            {new Date(expiresAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}
          </time>
          .
        </span>
      </p>
      {link && <QrCode text={link} label={`QR code that opens Messages on a phone, to ${address}`} />}
    </>
  );
}

const ends = {
  open: "Nobody wrote the newest phrase in time.",
  expired: "Nobody wrote the newest phrase in time.",
  replaced: "A newer phrase has replaced this one.",
  guessed: "Too many wrong phrases came in; the newest one is no longer taken.",
};

function Ended({ enrolment: { state, handle, owner, warning } }: { enrolment: Enrolment }) {
  if (state !== "used") return <p class="quiet">{ends[state]}</p>;
  return (
    <p class="quiet">
      By the newest phrase <bdi>{handle}</bdi> was let in, {owner ? "as an owner" : "for direct messages"}.
      {warning && ` ${warning}`}
    </p>
  );
}
