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
  await page.getByText("Where to look").click();
  await expect(page.locator(".ladder")).toContainText("Take file, out");
  await edit(page, "web", () => solution(DEFEND, "web"));
  await attempt.click();
  await expect(board.locator(".closed")).toHaveCount(9);
  await expect(page.locator(".score")).toContainText("100 points");
  await expect(page.getByText("What it also had to survive")).toBeVisible();
  await open(page, "challenges/");
  await expect(page.locator('[data-best="defend-a-web-server"]')).toHaveText("best: 100");
});

test("an attack is scored for each draw, and the best score of each stays", async ({ page }) => {
  await open(page, ATTACK);
  await expect(page.getByText("Par: 3 rules")).toBeVisible();
  const attempt = page.getByRole("button", { name: "Try the attack" });
  const best = page.locator('.score [data-best="attack-a-folder"]');
  await edit(page, "attack.sh", () => `${solution(ATTACK, "attack.sh")}touch /tmp/more\n`);
  await attempt.click();
  await expect(page.locator(".score")).toContainText("99 points");
  await expect(page.locator(".score")).toContainText("rules over par: 1");
  await expect(best).toHaveText("best: 99");
  await page.getByRole("radio", { name: "3", exact: true }).check();
  await expect(best).toHaveText("");
  await expect(page.locator(".score")).toContainText("100 points to begin with");
  await edit(page, "attack.sh", () => solution(ATTACK, "attack.sh"));
  await attempt.click();
  await expect(best).toHaveText("best: 100");
  await page.getByRole("radio", { name: "1", exact: true }).check();
  await expect(best).toHaveText("best: 99");
});
