import { expect, open, record, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

const tool = (page) => page.locator('[data-tool="change"]');

async function find(page, node, what) {
  await open(page, PLAYGROUND);
  await tool(page).locator("summary").click();
  await tool(page).getByLabel("Node", { exact: true }).selectOption(node);
  if (what) {
    const options = tool(page).getByLabel("What is to turn round");
    await options.selectOption(await options.locator("option", { hasText: what }).getAttribute("value"));
  }
  await tool(page).getByRole("button", { name: "Find the changes" }).click();
}

test("a node where the pod does not run names the node where it would", async ({ page }) => {
  await find(page, "kind");
  await expect(tool(page).getByRole("listitem").first()).toContainText("It runs on ubuntu under k8s-deny-data.");
  await expect(tool(page).getByRole("button", { name: "Show that node" })).toBeVisible();
});

test("a change that turns a call round tells what else it changes, and is made in the editor", async ({ page }) => {
  await find(page, "ubuntu", "/data/x to create it");
  await expect(tool(page).locator("del").first()).toContainText("deny /data/** w,");
  await expect(tool(page)).toContainText("It would change more than this:");
  await tool(page).getByRole("button", { name: "Try it in the editor" }).first().click();
  await expect(record(page, "k8s-deny-data")).not.toHaveValue(/^\s*deny \/data\/\*\* w,/m);
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
});
