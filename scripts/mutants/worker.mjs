// Runs test files with one mutant on, as the parent process asks for it, in a vitest that stays warm between mutants.
import { createVitest } from "vitest/node";

const [root, config] = process.argv.slice(2);
// Whoever asked is gone: nothing of this may stay behind, also no test that a mutant hangs.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
const vitest = await createVitest("test", {
  root,
  config,
  watch: false,
  reporters: [{}],
  bail: 1,
  silent: true,
  tagsFilter: ["!long"],
});

process.on("message", async ({ id, files }) => {
  if (id === undefined) delete process.env.MUTANT;
  else process.env.MUTANT = id;
  vitest.state.filesMap.clear();
  vitest.state.errorsSet.clear();
  const specifications = (await vitest.globTestSpecifications(files))
    .filter(({ moduleId }) => files.includes(moduleId))
    .sort((a, b) => files.indexOf(a.moduleId) - files.indexOf(b.moduleId));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
  const failed = testModules.find((module) => !module.ok());
  process.send({
    id,
    isNoticed: failed !== undefined || unhandledErrors.length > 0 || testModules.length < files.length,
    by: failed?.moduleId,
  });
});
process.send({ isReady: true });
