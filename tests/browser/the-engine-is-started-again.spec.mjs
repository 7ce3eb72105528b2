import { edit, expect, open, output, row, run, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("an engine that dies is said to have stopped, and the next edit has a new one", async ({ page }) => {
  await open(page, PLAYGROUND);
  await run(page, "ubuntu", "uname -s");
  await expect(output(page)).toContainText("Linux");
  const [worker] = page.workers();
  await worker.evaluate(() => { onmessage = ({ data: [id] }) => postMessage([id, null, "killed by the test"]); });
  await run(page, "ubuntu", "uname -r");
  await expect(output(page)).toContainText("The simulator stopped before it could answer.");
  await edit(page, "k8s-deny-data", (profile) => profile.replace(/^.*deny \/data\/\*\* w,.*\n/m, ""));
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
  await run(page, "ubuntu", "uname -m");
  await expect(output(page)).toContainText("x86_64");
});
