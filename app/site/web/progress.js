// Which lessons were done, where one left off, which review cards are due and
// the best scores; and how the pages show it. The pre-renderer writes the
// marks (data-lesson, data-continue, data-done, data-best, data-due) into the pages.
import * as store from "./store.js";

const EMPTY = { done: {}, last: "", best: {} };

/** Days from an answer to the next time a card is asked, by the number of right answers before. */
export const SPACING = [1, 3, 7, 21];

/** A day as YYYY-MM-DD, `later` days from now, in the reader's own time. */
export function day(later = 0, now = new Date()) {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + later);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

export const progress = () => ({ ...EMPTY, ...store.readOr("progress", EMPTY) });

/** Marks a lesson as done or not done. */
export function setDone(slug, isDone) {
  const now = progress();
  if (isDone) now.done[slug] = day();
  else delete now.done[slug];
  store.write("progress", now);
}

/** Keeps a challenge's score when it is the best one of its draw; gives the best. */
export function score(id, seed, points) {
  const now = progress();
  const best = Math.max(points, now.best[id]?.[seed] ?? -Infinity);
  if (best !== now.best[id]?.[seed]) {
    now.best[id] = { ...now.best[id], [seed]: best };
    store.write("progress", now);
    show();
  }
  return best;
}

/** When a card is due: known cards by their schedule, others the day after their lesson was done; undefined while it was not. */
export function due(card, lesson, schedule, { done }) {
  if (schedule[card]) return schedule[card].due;
  if (done[lesson] === undefined) return undefined;
  const [year, month, date] = done[lesson].split("-").map(Number);
  return done[lesson] === "" ? day() : day(SPACING[0], new Date(year, month - 1, date));
}

/** What becomes of a card's schedule after an answer; undefined is a card that was never answered. A card that was right four times is not asked again. */
export function answered(before, right) {
  const step = right ? (before?.step ?? 0) + 1 : 0;
  return { step, due: step > SPACING.length ? "never" : day(SPACING[Math.max(0, step - 1)]) };
}

const words = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** Shows what is known on the page as it stands. */
export function show(root = document) {
  const now = progress();
  const lessons = [...root.querySelectorAll("[data-lesson]")];
  const minutes = (items) => items.reduce((sum, item) => sum + Number(item.dataset.minutes), 0);
  const open = lessons.filter((item) => now.done[item.dataset.lesson] === undefined);
  const next = open.find((item) => item.dataset.lesson === now.last) ?? open[0];
  for (const item of lessons) {
    const state = !open.includes(item) ? "done" : item === next && lessons.length > 0 && (now.last || open.length < lessons.length) ? "next" : "open";
    item.dataset.state = state;
    const word = item.querySelector("[data-word]");
    if (word) word.textContent = { done: "done", next: "continue", open: `${item.dataset.minutes} min` }[state];
  }
  for (const bar of root.querySelectorAll("[data-course-bar]")) {
    const done = lessons.length - open.length;
    bar.hidden = done === 0;
    bar.querySelector("[data-text]").textContent = `${done} of ${words(lessons.length, "lesson", "lessons")} done`;
    bar.querySelector("[data-left]").textContent = open.length ? `about ${minutes(open)} min left` : "all done";
    const meter = bar.querySelector("[role=img]");
    meter.setAttribute("aria-label", `${done} of ${lessons.length}`);
    meter.replaceChildren(...lessons.map((item) => Object.assign(document.createElement("i"), { className: open.includes(item) ? "" : "d" })));
  }
  for (const link of root.querySelectorAll("[data-continue]")) {
    if (!next || next.dataset.state !== "next") continue;
    link.href = next.querySelector("a").href;
    link.textContent = `Continue: ${next.querySelector("b").textContent}`;
  }
  for (const best of root.querySelectorAll("[data-best]")) {
    const points = Object.entries(now.best[best.dataset.best] ?? {})
      .flatMap(([seed, points]) => (best.dataset.seed === undefined || best.dataset.seed === seed ? [points] : []));
    if (points.length) best.textContent = `best: ${Math.max(...points)}`;
    else if (best.dataset.seed !== undefined) best.textContent = "";
  }
  for (const button of root.querySelectorAll("[data-done]")) {
    const isDone = now.done[button.dataset.done] !== undefined;
    button.setAttribute("aria-pressed", String(isDone));
    button.querySelector("[data-text]").textContent = isDone ? "Done" : "Mark as done";
  }
}

/** Remembers where one reads, follows other tabs, and answers the buttons. */
export function follow() {
  const here = document.querySelector("[data-done]")?.dataset.done;
  if (here !== undefined && progress().last !== here) {
    try {
      store.write("progress", { ...progress(), last: here });
    } catch {
      // Where one left off is a convenience: without storage there is none.
    }
  }
  show();
  store.watch((name) => { if (name === "progress" || name === "") show(); });
  addEventListener("pageshow", (event) => { if (event.persisted) show(); });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-done]");
    if (!button) return;
    const told = document.getElementById("done-why");
    try {
      setDone(button.dataset.done, button.getAttribute("aria-pressed") !== "true");
      told.textContent = button.getAttribute("aria-pressed") === "true" ? "" : "Its review cards come up tomorrow.";
    } catch (error) {
      told.textContent = `This browser does not keep it: ${error.message}.`;
    }
    show();
  });
}
