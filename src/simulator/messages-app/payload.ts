import { Archived, archivedUrl, archivedUuid, encodeKeyedArchive } from "../chat-db/keyed-archive.js";

/**
 * `message.payload_data` of a link's preview. Nothing is fetched: its title and site are the name of the host.
 * @param url as it stands in the text
 */
export function linkPayload(url: string): Uint8Array {
  const address = archivedUrl(url);
  const host = URL.canParse(url) ? new URL(url).hostname : url;
  const metadata = new Archived(["LPLinkMetadata", "NSObject"], {
    version: 1,
    originalURL: address,
    URL: archivedUrl(url),
    title: host,
    siteName: host,
  });
  return encodeKeyedArchive(
    new Archived(["RichLink", "NSObject"], { richLinkIsPlaceholder: false, richLinkMetadata: metadata }),
  );
}

/** `message.payload_data` of a poll, as Apple's Polls writes it: the question and the options as JSON in an address. */
export function pollPayload(
  session: string,
  poll: { question: string; options: { id: string; text: string }[]; creator: string },
): Uint8Array {
  const item = {
    title: poll.question,
    creatorHandle: poll.creator,
    orderedPollOptions: poll.options.map(({ id, text }) => ({
      optionIdentifier: id,
      text,
      attributedText: text,
      canBeEdited: false,
      creatorHandle: poll.creator,
    })),
  };
  return pollArchive(session, item, `?src=p&c=${poll.options.length}`);
}

/** `message.payload_data` of a vote: all that the voter has chosen by then. */
export function votePayload(session: string, voter: string, chosen: string[]): Uint8Array {
  const votes = chosen.map((id) => ({ voteOptionIdentifier: id, participantHandle: voter }));
  return pollArchive(session, { votes }, "");
}

function pollArchive(session: string, item: object, query: string): Uint8Array {
  const json = Buffer.from(JSON.stringify({ version: 1, item }), "utf8").toString("base64");
  return encodeKeyedArchive({
    URL: archivedUrl(`data:,${json}${query}`),
    sessionIdentifier: archivedUuid(session),
    an: "Polls",
    ldtext: "Sent a poll",
  });
}
