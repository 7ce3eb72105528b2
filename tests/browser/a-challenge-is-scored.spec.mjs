import { readFileSync } from "node:fs";
import { edit, expect, open, test } from "./site.mjs";
import { ATTACK, DEFEND } from "./settings.mjs";

const solution = (path, file) => readFileSync(new URL(`../../lessons/${path}solution/${file}`, import.meta.url), "utf8");

test("a defence is judged door by door, and its best score stays", async ({ page }) => {
  await open(page, DEFEND);
  const board = page.getByRole("region", { name: "Coverage board" });
  await expect(board.locator(".untried")).toHaveCount(9);
  const attempt = page.getByRole("button", { name: "Let the attacker try" });
  await attempt.click();
  await expect(board.locator(".open").first()).toContainText("still open");
  await expect(page.locator(".score")).toContainText("still open");
  await page.getByRole("button", { name: "Show this hint, free" }).click();
  await expect(page.locator(".ladder")).toContainText("Take file, out");
  await edit(page, "web", () => solution(DEFEND, "web"));
  await attempt.click();
  await expect(board.locator(".closed")).toHaveCount(9);
  await expect(page.locator(".score")).toContainText("100 points");
  await expect(page.getByText("What it also had to survive")).toBeVisible();
  await open(page, "challenges/");
  await expect(page.locator('[data-best="defend-a-web-server"]')).toHaveText("best: 100");
});

test("an attack succeeds by another name, and a bought hint costs what its button says", async ({ page }) => {
  await open(page, ATTACK);
  await page.getByRole("button", { name: "Show this hint, free" }).click();
  await page.getByRole("button", { name: "Show this hint, costs 5 points" }).click();
  await edit(page, "attack.sh", () => solution(ATTACK, "attack.sh"));
  await page.getByRole("button", { name: "Try the attack" }).click();
  await expect(page.locator(".score")).toContainText("95 points");
  await expect(page.getByRole("list", { name: "Goals" }).locator(".ok")).toHaveCount(3);
});
