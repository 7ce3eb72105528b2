import { edit, expect, open, output, run, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("nothing of the engine is fetched before it is asked, and once it is, only once", async ({ page }) => {
  const fetched = [];
  page.on("request", (request) => {
    // What the service worker fetches for later visits is another matter.
    if (/vendor\/engine/.test(request.url()) && !request.serviceWorker()) fetched.push(request.url());
  });
  await open(page, PLAYGROUND);
  await page.waitForTimeout(300);
  expect(page.workers()).toHaveLength(0);
  expect(fetched).toEqual([]);
  await run(page, "ubuntu", "uname -s");
  await expect(output(page)).toContainText("Linux");
  await edit(page, "pod.yaml", (pod) => pod.replace("name: writer", "name: author"));
  await run(page, "ubuntu", "echo again");
  await expect(output(page)).toContainText("again");
  expect(page.workers()).toHaveLength(1);
  expect(fetched).toHaveLength(3);
});
