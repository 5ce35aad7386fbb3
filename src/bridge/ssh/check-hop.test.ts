import { afterAll, expect, it } from "vitest";
import { FakeSsh } from "../../../test/support/fake-ssh.js";
import { checkHop } from "./check-hop.js";

const fake = new FakeSsh();
afterAll(() => fake.close());

it("tells of the way to the Mac that it is there, or of what it fails and what to type", async () => {
  const check = (timeoutMs = 30_000) =>
    checkHop({ host: "kim@mac", options: ["-i", "/k"] }, timeoutMs, fake.env);
  expect(await check()).toEqual({ ok: true, value: undefined });
  expect(fake.runs).toEqual([
    "ssh -T -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=10 -i /k -- kim@mac true",
  ]);
  fake.ssh("echo 'kim@mac: Permission denied (publickey).' >&2; exit 255");
  expect(await check()).toMatchObject({ ok: false, error: { code: "SSH_LOGIN_REFUSED", retryable: false } });
  fake.ssh("echo 'Host key verification failed.' >&2; exit 255");
  const unknown = await check();
  expect(unknown).toMatchObject({ ok: false, error: { code: "SSH_HOST_KEY_UNKNOWN", retryable: false } });
  if (!unknown.ok) expect(unknown.error.hint).toContain("`ssh -i /k kim@mac` once");
  fake.ssh("echo 'Shell: no' >&2; exit 1");
  expect(await check()).toMatchObject({
    ok: false,
    error: { code: "REMOTE_UNREACHABLE", message: expect.stringMatching(/: Shell: no$/) },
  });
  fake.ssh("echo fine; kill -9 $$");
  expect(await check()).toMatchObject({ ok: false, error: { code: "REMOTE_UNREACHABLE" } });
  fake.ssh("exec sleep 600");
  expect(await check(1)).toMatchObject({ ok: false, error: { code: "SSH_TIMEOUT", retryable: true } });
});
