import { err, launchRemedy, ok, type Result } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import { fault } from "./faults.js";
import { asObject, optionalBoolean, optionalString, ShapeError, strings, type Wire } from "./fields.js";

/** The private API bridge as imsg describes it. */
export interface PrivateApi {
  /** Injected and answering. */
  available: boolean;
  /** Version of the bridge protocol; 0 when it is down. */
  version: number;
  /** What imsg says about it, for people. */
  message: string;
  /** What makes it available; absent when it is. */
  remedy?: string;
}

/** Since 0.19.1 an agent of the login session launches Messages again (protocol reference 25). */
function remedyFor(version: string | undefined): string {
  const [major = 0, minor = 0, patch = 0] = (version ?? "").split(".").map(Number);
  const hasAgent = major > 0 || minor > 19 || (minor === 19 && patch >= 1);
  return hasAgent ? `${launchRemedy} With \`--install-agent\` it is brought back by itself.` : launchRemedy;
}

/** What `imsg status` tells (protocol reference 6). */
export interface ImsgStatus {
  /** Absent before 0.9.0. */
  version?: string;
  privateApi: PrivateApi;
  /** RPC methods of this build; says nothing about the bridge. */
  methods: string[];
  /** Private selectors as they are reported; what a missing one means hangs on the version (protocol reference 6.3). */
  selectors: Record<string, boolean>;
  /** Methods that can be used now; absent where the build does not tell (protocol reference 15.2). */
  usable?: string[];
  /** Versions of features, by their names; absent where the build does not tell. */
  features?: Record<string, number>;
  /** What imsg says of a helper in Messages that is of another version than itself (protocol reference 21). */
  helperMismatch?: string;
  /** `enabled`, `disabled`, `unknown`. */
  sip: string;
}

/** Reads the output of `imsg status --json`: its last line that is not empty. */
export function parseStatus(stdout: string): Result<ImsgStatus, BridgeError> {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return ok(readStatus(asObject(JSON.parse(line), "status")));
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    return err(fault("PROTOCOL", { detail: `status: ${error.message}` }));
  }
}

/** Reads the answer to RPC `status`, which says nothing of SIP (protocol reference 6.4). */
export function parseRpcStatus(answer: unknown): Result<ImsgStatus, BridgeError> {
  try {
    const wire = asObject(answer, "status");
    const bridge = asObject(wire.bridge ?? {}, "bridge");
    return ok(
      readStatus({
        version: wire.version,
        advanced_features: bridge.ready,
        v2_ready: bridge.v2_ready,
        bridge_version: bridge.bridge_version,
        message: bridge.error ?? (bridge.ready === true ? "Connected to Messages." : ""),
        selectors: bridge.selectors,
        rpc_methods: wire.supported_methods,
        // While the database cannot be read, what is usable says nothing of the Mac.
        ...(asObject(wire.database ?? {}, "database").ready === true && { usable: wire.methods }),
        capabilities: wire.capabilities,
      }),
    );
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return err(fault("PROTOCOL", { detail: `status: ${error.message}` }));
  }
}

function readStatus(wire: Wire): ImsgStatus {
  const version = optionalString(wire, "version");
  const advanced = optionalBoolean(wire, "advanced_features") ?? false;
  const ready = optionalBoolean(wire, "v2_ready") ?? false;
  // A stale lock file gives the first without the second (protocol reference 6.2).
  const available = advanced && ready;
  return {
    version,
    privateApi: {
      available,
      version: typeof wire.bridge_version === "number" ? wire.bridge_version : 0,
      message: optionalString(wire, "message") ?? "",
      ...(available ? {} : { remedy: remedyFor(version) }),
    },
    methods: strings(wire, "rpc_methods"),
    selectors: Object.fromEntries(
      Object.entries(asObject(wire.selectors ?? {}, "selectors")).filter(
        (entry): entry is [string, boolean] => typeof entry[1] === "boolean",
      ),
    ),
    ...(wire.usable === undefined ? {} : { usable: strings(wire, "usable") }),
    ...(wire.capabilities === undefined ? {} : { features: featuresOf(wire.capabilities) }),
    ...mismatchOf(wire.helper_version_mismatch),
    sip: optionalString(wire, "sip") ?? "unknown",
  };
}

/** What one tree tells of its features; of another shape, it tells nothing. */
function featuresOf(capabilities: unknown): Record<string, number> {
  const { features } = (capabilities ?? {}) as { features?: unknown };
  return Object.fromEntries(
    Object.entries((features ?? {}) as object).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
}

function mismatchOf(value: unknown): Pick<ImsgStatus, "helperMismatch"> {
  return typeof value === "string" && value !== "" ? { helperMismatch: value } : {};
}
