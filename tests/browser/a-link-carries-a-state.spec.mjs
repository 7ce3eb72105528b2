import { edit, expect, open, record, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("a link opened in a fresh profile shows the files and the verdicts of the one who made it", async ({ page, browser, baseURL }) => {
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", (profile) => profile.replace(/^.*deny \/data\/\*\* w,.*\n/m, ""));
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("textbox", { name: "Link to this state" }).inputValue();
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await open(other, link);
  await expect(other.locator("#share-told")).toContainText("These are the files of the link.");
  expect(await record(other, "k8s-deny-data").inputValue()).not.toContain("deny /data/** w,");
  await expect(row(other, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
  await open(other, `${PLAYGROUND}#1damaged`);
  await other.reload();
  await expect(other.locator("#share-told")).not.toBeEmpty();
  await context.close();
});
