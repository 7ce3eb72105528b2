import { readFileSync } from "node:fs";
import { edit, expect, follow, open, test } from "./site.mjs";
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

test("what came by a link is scored, and kept as nobody's own", async ({ page, browser, baseURL }) => {
  await open(page, DEFEND);
  await edit(page, "web", () => solution(DEFEND, "web"));
  const other = await follow(page, browser, baseURL);
  await other.getByRole("button", { name: "Let the attacker try" }).click();
  await expect(other.locator(".score")).toContainText("100 points");
  await expect(other.locator(".score")).toContainText("came by a link");
  await expect(other.locator('.score [data-best="defend-a-web-server"]')).toHaveText("");
  await open(other, "challenges/");
  await expect(other.locator('[data-best="defend-a-web-server"]')).toHaveText("not tried yet");
  await other.context().close();
});

test("challenges are listed by side and number", async ({ page }) => {
  await page.goto("challenges/");
  const codes = await page.locator("ol.map b").allTextContents();
  expect(codes.map((title) => title.split(" ")[0])).toEqual(["A1", "A2", "A3", "A4", "D1", "D2", "D3", "D4", "D5", "V1"]);
});
