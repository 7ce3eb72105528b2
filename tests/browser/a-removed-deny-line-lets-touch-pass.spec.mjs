import { edit, expect, node, open, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

const WITHOUT_THE_DENY_LINE = (profile) => profile.replace(/^.*deny \/data\/\*\* w,.*\n/m, "");

test("without the deny line the same touch is allowed on the same node, and nothing else flips", async ({ page }) => {
  await open(page, PLAYGROUND);
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(1);
  await edit(page, "k8s-deny-data", WITHOUT_THE_DENY_LINE);
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
  await expect(page.locator('[id^="row-ubuntu-"][data-outcome="blocked"]')).toHaveCount(0);
  await expect(node(page, "ubuntu")).toHaveAttribute("data-outcome", "enforced");
  await expect(node(page, "kind")).toHaveAttribute("data-outcome", "refused to start");
});

test("the line put back blocks it again", async ({ page }) => {
  await open(page, PLAYGROUND);
  let original = "";
  await edit(page, "k8s-deny-data", (profile) => WITHOUT_THE_DENY_LINE(original = profile));
  await expect(page.locator('[id^="row-ubuntu-"][data-outcome="blocked"]')).toHaveCount(0);
  await edit(page, "k8s-deny-data", () => original);
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(1);
});
