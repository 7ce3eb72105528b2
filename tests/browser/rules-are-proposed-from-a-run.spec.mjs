import { edit, expect, open, record, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

const tool = (page) => page.locator('[data-tool="observe"]');
const WITHOUT_FILES = (profile) => profile.replace(/^ *(file|deny \/data\/\*\* w),.*\n/gm, "");

test("what a run needed is proposed as rules, and inserted into the profile", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", WITHOUT_FILES);
  await expect(row(page, "ubuntu", "EACCES")).not.toHaveCount(0);
  await tool(page).locator("summary").first().click();
  await tool(page).getByRole("button", { name: "Observe" }).click();
  await expect(tool(page)).toContainText("Rules for just what was asked for");
  await tool(page).getByRole("button", { name: "Insert into k8s-deny-data" }).first().click();
  await expect(tool(page).getByRole("status")).toContainText("k8s-deny-data is changed");
  await expect(record(page, "k8s-deny-data")).toHaveValue(/\/data\//);
  await expect(row(page, "ubuntu", "EACCES")).toHaveCount(0);
});

test("a filter of the calls that were seen is put in the place of the file's", async ({ page }) => {
  await open(page, PLAYGROUND);
  await tool(page).locator("summary").first().click();
  await tool(page).getByRole("button", { name: "Observe" }).click();
  await tool(page).getByRole("button", { name: "Put it in the place of no-mkdir.json" }).click();
  await expect(tool(page).getByRole("status")).toContainText("no-mkdir.json is changed");
  const text = await record(page, "no-mkdir.json").inputValue();
  expect(JSON.parse(text).defaultAction).toBe("SCMP_ACT_ERRNO");
});
