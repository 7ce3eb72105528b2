import { edit, expect, open, record, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("a choice of looks and a text typed in one tab are there in the other", async ({ page, context }) => {
  const other = await context.newPage();
  await open(page, "settings/");
  await open(other, PLAYGROUND);
  await page.getByLabel("Dark").check();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", (profile) => profile.replace("network,", "network inet,"));
  await expect.poll(() => record(other, "k8s-deny-data").inputValue()).toContain("network inet,");
});
