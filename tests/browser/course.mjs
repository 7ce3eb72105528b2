// The course as it lies in its folders: what the tests go through one by one.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../../lessons/", import.meta.url);

/** The folders below `folder` that have a lab, with the text of each file of their solutions. */
function labs(folder, page) {
  return readdirSync(new URL(folder, ROOT)).sort()
    .filter((slug) => existsSync(new URL(`${folder}${slug}/lab.yaml`, ROOT)))
    .map((slug) => {
      const solution = new URL(`${folder}${slug}/solution/`, ROOT);
      return {
        slug,
        page: `${page}${slug}/`,
        solution: readdirSync(solution).map((file) => ({ file, text: readFileSync(new URL(file, solution), "utf8") })),
      };
    });
}

const folders = labs("./", "lessons/");
export const LESSONS = folders.filter(({ slug }) => slug !== "capstone");
/** The capstone has a page of its own. */
export const CAPSTONE = { ...folders.find(({ slug }) => slug === "capstone"), page: "capstone/" };
export const CHALLENGES = labs("challenges/", "challenges/");

/** Every page of the course. What can be embedded of it is the lab, which stands in the page too. */
export const COURSE = [...LESSONS, ...CHALLENGES, CAPSTONE].map(({ page }) => page);
