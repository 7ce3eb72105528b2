import { edit, expect, follow, node, open, record, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("a link opened in a fresh profile shows the files and the verdicts of the one who made it", async ({ page, browser, baseURL }) => {
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", (profile) => profile.replace(/^.*deny \/data\/\*\* w,.*\n/m, ""));
  const other = await follow(page, browser, baseURL);
  expect(await record(other, "k8s-deny-data").inputValue()).not.toContain("deny /data/** w,");
  await expect(row(other, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
  await open(other, `${PLAYGROUND}#1damaged`);
  await other.reload();
  await expect(other.locator("#share-told")).not.toBeEmpty();
  await other.context().close();
});

test("a link carries the fleet that was chosen", async ({ page, browser, baseURL }) => {
  await open(page, PLAYGROUND);
  await page.getByText("Change the fleet").click();
  await page.getByRole("button", { name: "Remove sandbox" }).click();
  await expect(node(page, "sandbox")).toHaveCount(0);
  const other = await follow(page, browser, baseURL);
  await expect(node(other, "ubuntu")).toBeVisible();
  await expect(node(other, "sandbox")).toHaveCount(0);
  await other.context().close();
});
