import { expect, open, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

const tool = (page) => page.locator('[data-tool="search"]');

async function opened(page, goal, path) {
  await open(page, PLAYGROUND);
  await tool(page).locator("summary").first().click();
  await tool(page).getByLabel("The attacker is after this").selectOption({ label: goal });
  if (path) await tool(page).getByLabel("Path, as the attacker sees it").fill(path);
}

test("an attack is found, written as strace writes it, and replayed on the node", async ({ page }) => {
  await opened(page, "a file appears below a folder", "/data");
  await tool(page).getByRole("button", { name: "Search" }).click();
  const script = tool(page).getByRole("region", { name: "The attack as strace writes it" });
  await expect(script).toContainText("linkat(");
  const before = await row(page, "ubuntu").count();
  await tool(page).getByRole("button", { name: "Replay it on the node" }).click();
  await expect(row(page, "ubuntu")).toHaveCount(before + 1);
});

test("a search shows numbers and an estimate, and can be stopped", async ({ page }) => {
  await opened(page, "a file appears below a folder", "/proc");
  await tool(page).getByLabel("Most calls of an attack, 1 to 8").fill("8");
  await tool(page).getByRole("button", { name: "Search" }).click();
  await expect(tool(page)).toContainText(/attacks of \d of 8 calls · [\d,]+ calls tried · [\d,]+ states, [\d,]+ waiting · at least .* left/);
  await tool(page).getByRole("button", { name: "Stop" }).click();
  await expect(tool(page).getByRole("status")).toContainText("The search was stopped.");
  await expect(tool(page).getByRole("progressbar")).toBeHidden();
});

test("a search of all short attacks says that there is none", async ({ page }) => {
  await opened(page, "the process runs unconfined");
  await tool(page).getByLabel("Most calls of an attack, 1 to 8").fill("1");
  await tool(page).getByRole("button", { name: "Search" }).click();
  await expect(tool(page).getByRole("status")).toContainText(/No attack of at most 1 system call.*states/);
  await expect(tool(page).getByRole("button", { name: "Replay it on the node" })).toHaveCount(0);
});
