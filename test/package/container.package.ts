import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pack } from "../support/installed-package.js";
import { removeFolder } from "../support/remove-folder.js";

const file = join(import.meta.dirname, "../../packaging/Containerfile");
/** A program that builds containers, and can: the client alone is no builder. */
const builder = ["docker", "podman"].find((program) => spawnSync(program, ["info"]).status === 0);

it.skipIf(builder === undefined)(
  "the container is built from the packed file and answers (skipped where none is built)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "tapback-container-"));
    pack(folder);
    copyFileSync(file, join(folder, "Containerfile"));
    const image = "tapback-package-test";
    execFileSync(builder!, ["build", "-f", join(folder, "Containerfile"), "-t", image, folder]);
    const run = (...words: string[]) =>
      execFileSync(builder!, ["run", "--rm", image, ...words], { encoding: "utf8" });
    expect(run("demo", "--script")).toContain("every one answered");
    execFileSync(builder!, ["image", "rm", image]);
    await removeFolder(folder);
  },
);
