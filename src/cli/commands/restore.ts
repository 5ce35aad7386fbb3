import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { accountDefaults, type Config, expandHome, regionOf, resolveAccounts } from "../../config/index.js";
import { lockState, refuseSecondGateway } from "../../control/index.js";
import type { MessageRow } from "../../conversation/index.js";
import { macOf } from "../../gateway/index.js";
import { CronLine, makeFolder, messageOf, TapbackError } from "../../platform/index.js";
import {
  openExistingStore,
  type RestoredAccount,
  type RestoredSchedule,
  type ScheduledMessage,
  type Store,
  settleRestored,
} from "../../store/index.js";
import { ownersOf } from "../../turns/index.js";
import { askMessages, cannotAsk, type Unstopped, unasked } from "../backup/ask-messages.js";
import { configOf, leaveServer, stopWordsOf } from "../backup/configuration.js";
import { memoryByDefault, memoryPlaces, names } from "../backup/contents.js";
import { type Manifest, manifestName, readManifest } from "../backup/manifest.js";
import { stopsIn } from "../backup/stops.js";
import { type AccountStory, type Story, tellStory } from "../backup/story.js";
import { unpack, unreadable } from "../backup/tar.js";
import type { Context } from "../context.js";
import { printJson } from "../output.js";
import { statePlace } from "../state.js";
import { workFolders } from "../state-files.js";

export interface RestoreOptions {
  force?: boolean;
  /** Messages is not asked. */
  withoutMessages?: boolean;
}

/** A backup that was read to its end. */
interface Unpacked {
  folder: string;
  manifest: Manifest;
  /** Undefined where it is invalid on this machine. */
  config: Config | undefined;
}

/** A file that is put in its place. */
interface Placed {
  from: string;
  to: string;
}

/**
 * `tapback restore FILE`: puts a backup in place, and asks Messages what was answered since it was made, so that nothing is
 * answered twice (behaviour 1.8a).
 * @throws `BACKUP_UNREADABLE`, `RESTORE_EXISTS`, `RESTORE_UNASKED`, `GATEWAY_RUNNING`, `STORE_TOO_NEW`
 */
export async function restore(context: Context, file: string, options: RestoreOptions): Promise<undefined> {
  const { stateDir } = context;
  const source = resolve(file);
  if (!existsSync(source)) throw new TapbackError("BACKUP_UNREADABLE", `${source} does not exist`);
  if ((await statePlace(context).catch(() => undefined))?.url !== undefined)
    throw new TapbackError(
      "STORE_ON_SERVER",
      "the state is on the server of store.url, and a backup is put in place as a file",
      {
        hint: "Take store.url out of the configuration, restore with --force, bring the state to an empty database with `tapback store copy --to postgres://…`, and put store.url back.",
      },
    );
  await refuseSecondGateway(stateDir);
  const lock = lockState(stateDir, "", Date.now());
  const folder = mkdtempSync(join(stateDir, workFolders.restore));
  try {
    await unpackInto(folder, source);
    const manifest = readManifest(join(folder, manifestName));
    const unpacked = { folder, manifest, config: await configOf(context, folder) };
    const server = await leaveServer(folder);
    const placed = placesOf(context, unpacked);
    const there = placed.map(({ to }) => to).filter((path) => existsSync(path));
    if (there.length > 0 && !options.force)
      throw new TapbackError("RESTORE_EXISTS", `there is something already: ${there.join(", ")}`);
    const accounts = await settle(context, unpacked, options.withoutMessages !== true);
    const aside = put(placed);
    const story: Story = { takenAt: manifest.takenAt, stateDir, withEnv: manifest.withEnv, accounts, aside };
    if (server) story.server = server;
    if (!unpacked.config) story.memory = placed.filter(isMemory(folder)).map(({ to }) => to);
    if (context.json) printJson({ ...story, takenAt: new Date(story.takenAt).toISOString() });
    else tellStory(story);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    lock.release();
  }
}

async function unpackInto(folder: string, source: string): Promise<void> {
  try {
    await pipeline(createReadStream(source), createGunzip(), async (pieces: AsyncIterable<Buffer>) => {
      await unpack(pieces, async (name) => {
        const path = join(folder, name);
        makeFolder(dirname(path));
        const handle = await open(path, "wx", 0o600);
        return {
          write: async (piece) => void (await handle.writeFile(piece)),
          end: async () => {
            await handle.sync();
            await handle.close();
          },
        };
      });
    });
  } catch (error) {
    throw error instanceof TapbackError ? error : unreadable(messageOf(error));
  }
  if (!existsSync(join(folder, names.state))) throw unreadable(`it has no ${names.state}`);
}

/** What goes where; the state first and the configuration last: without one, no service starts on half of it (behaviour 1.6a). */
function placesOf(context: Context, { folder, manifest, config }: Unpacked): Placed[] {
  const { stateDir, home, env, configOption } = context;
  const wanted = configOption || env.TAPBACK_CONFIG;
  const configuration = wanted ? resolve(expandHome(wanted, home)) : join(stateDir, names.configuration);
  const memory = config ? memoryPlaces(config, stateDir, home) : memoryByDefault(folder, stateDir, home);
  return [
    { from: join(folder, names.state), to: join(stateDir, names.state) },
    { from: join(folder, names.cursors), to: join(stateDir, names.cursors) },
    ...manifest.outgoing.map((name, place) => ({
      from: join(folder, names.outgoing, String(place)),
      to: join(stateDir, names.outgoing, name),
    })),
    { from: join(folder, names.keys), to: join(stateDir, names.keys) },
    ...memory.map(({ name, path }) => ({ from: join(folder, name), to: path })),
    { from: join(folder, names.configuration), to: configuration },
  ].filter(({ from, to }) => existsSync(from) && !isSame(from, to));
}

const isMemory = (folder: string) => {
  const under = `${join(folder, names.memory)}/`;
  return ({ from }: Placed) => from.startsWith(under);
};

/** A memory file that says the same is left alone. */
function isSame(from: string, to: string): boolean {
  if (!from.endsWith(".md") || !existsSync(to)) return false;
  return readFileSync(from).equals(readFileSync(to));
}

/** Makes the state fit for a gateway, before anything is in its place. @returns what is to be told of each account */
async function settle(
  context: Context,
  { folder, manifest, config }: Unpacked,
  ask: boolean,
): Promise<AccountStory[]> {
  const { home } = context;
  const { takenAt } = manifest;
  const path = join(folder, names.state);
  const stopWords = await stopWordsOf(config, folder);
  const store = openExistingStore(path)!;
  const stories: AccountStory[] = [];
  const accounts = [];
  let due: RestoredSchedule[];
  const withStops = async (settled: Unstopped): Promise<RestoredAccount> => {
    const stops = stopsIn(
      await putAside(settled, store),
      stopWords,
      await ownersIn(config, settled.account, store),
      config ? regionOf(config, settled.account) : accountDefaults.region,
    );
    return { ...settled, stops };
  };
  try {
    const configured = config ? resolveAccounts(config) : [];
    const known = await store.accounts.known();
    if (ask && !config && known.length > 0)
      throw new TapbackError(
        "RESTORE_UNASKED",
        "the configuration of the backup is invalid on this machine, so that Messages cannot be asked what was answered since",
        {
          hint: "Set the variables that it names first. Or use --without-messages: then nothing is answered that came before now.",
        },
      );
    const served = configured.filter(({ enabled }) => enabled);
    for (const account of ask ? served : []) {
      const mac = macOf(account, home, context.env);
      const asked = await askMessages(account, store, { takenAt, mac }).catch((error) => {
        throw cannotAsk(account, error);
      });
      accounts.push(await withStops(asked.settled));
      stories.push({
        account: account.id,
        generation: asked.generation,
        moved: asked.moved,
        aside: asked.settled.aside.length + asked.settled.seen.length,
        catchup: account.catchup.enabled,
      });
    }
    // Of what nobody asks about, nothing is known: also of accounts that the configuration has no more, or switched off.
    const told = stories.map(({ account }) => account);
    for (const account of new Set([...served.map(({ id }) => id), ...known])) {
      if (told.includes(account)) continue;
      const settled = await unasked(account, store, takenAt);
      accounts.push(await withStops(settled));
      stories.push({
        account,
        generation: "unasked",
        moved: [],
        aside: settled.aside.length,
        catchup: config && configured.some(({ id, catchup }) => id === account && catchup.enabled),
      });
    }
    due = await dueByNow(store);
  } finally {
    await store.close();
  }
  settleRestored(path, {
    at: Date.now(),
    waiting: { folder: outgoingIn(context.stateDir), names: manifest.outgoing },
    accounts,
    schedules: due,
  });
  return stories;
}

/** Where files that wait to be sent will be; what is sent has no link in its path (protocol reference 3.2). */
function outgoingIn(stateDir: string): string {
  const folder = join(stateDir, names.outgoing);
  return existsSync(folder) ? realpathSync(folder) : join(realpathSync(stateDir), names.outgoing);
}

/** Nothing of it is answered, but a STOP among it holds (behaviour 3.7). */
async function putAside({ aside, seen }: Unstopped, store: Store): Promise<MessageRow[]> {
  const entries = await Promise.all(aside.map((id) => store.journal.get(id)));
  return [...seen, ...entries.flatMap((entry) => (entry ? [entry.row] : []))];
}

function ownersIn(config: Config | undefined, account: string, store: Store): Promise<string[]> {
  return config ? ownersOf(config, account, store) : store.pairing.owners(account);
}

/**
 * What is due by now may have been sent since the backup, also what was due before and waited, for the end of quiet hours or its
 * account: it does not come again, but at its next time.
 */
async function dueByNow(store: Store): Promise<RestoredSchedule[]> {
  const now = Date.now();
  const due = (await store.schedule.list()).filter(({ dueAt }) => dueAt <= now);
  return due.map(({ id, repeat }) => ({ id, next: nextOf(repeat, now) }));
}

function nextOf(repeat: ScheduledMessage["repeat"], now: number): number | undefined {
  try {
    return repeat && new CronLine(repeat.cron, repeat.zone).next(now);
  } catch {
    return undefined;
  }
}

/** Puts the files in place; what was there is kept beside. @returns the names of what was kept */
function put(placed: readonly Placed[]): string[] {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
  const aside: string[] = [];
  for (const { from, to } of placed) {
    for (const path of [to, ...(to.endsWith(names.state) ? [`${to}-wal`, `${to}-shm`] : [])])
      if (existsSync(path)) {
        renameSync(path, `${path}.before-${stamp}`);
        aside.push(`${path}.before-${stamp}`);
      }
    makeFolder(dirname(to));
    move(from, to);
  }
  return aside;
}

/** A workspace may lie on another disk. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
