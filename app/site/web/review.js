// Review: shows the cards that are due, one after the other, and keeps when
// each comes up again.
import { begin } from "./page.js";
import { SPACING, answered, day, due, progress } from "./progress.js";
import * as store from "./store.js";

const cards = [...document.querySelectorAll("[data-card]")];
const state = document.getElementById("review-state");
const all = document.getElementById("review-all");
const list = document.getElementById("cards");

let queue = [];
let sitting = 0;

const schedule = () => store.readOr("review", {});
const words = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** When a card comes up next, in words. */
function next(entry) {
  if (entry.due === "never") return "Right four times in a row over a month: it will not be asked again.";
  const days = entry.step === 0 ? SPACING[0] : SPACING[entry.step - 1];
  return `It comes up again ${days === 1 ? "tomorrow" : `in ${days} days`}.`;
}

function show(focus) {
  for (const card of cards) card.hidden = card !== queue[0];
  list.classList.add("one");
  const known = schedule();
  const now = progress();
  const later = cards.map((card) => due(card.dataset.card, card.dataset.of, known, now)).filter((at) => at && at !== "never" && at > day()).sort();
  all.hidden = queue.length > 0 || cards.length === 0;
  if (queue.length) state.textContent = `${words(queue.length, "card is", "cards are")} due.`;
  else if (later.length) state.textContent = `${sitting ? "That was all for today." : "No card is due today."} The next one comes up on ${later[0]}.`;
  else if (Object.keys(now.done).length) state.textContent = "No card is waiting.";
  if (queue.length && focus) queue[0].querySelector("legend").focus();
  else if (focus) {
    state.tabIndex = -1;
    state.focus();
  }
}

/** Puts a card back to where it is only a question. */
function reset(card) {
  for (const option of card.querySelectorAll(".opt")) {
    option.classList.remove("right", "wrong");
    option.querySelector(".because").hidden = true;
    option.querySelector(".st").textContent = "";
    Object.assign(option.querySelector("input"), { checked: false, disabled: false });
  }
  card.querySelector(".row").hidden = true;
}

function answer(card, chosen) {
  const right = chosen.dataset.right !== undefined;
  for (const option of card.querySelectorAll(".opt")) {
    option.querySelector("input").disabled = true;
    const isRight = option.dataset.right !== undefined;
    if (!isRight && option !== chosen) continue;
    option.classList.add(isRight ? "right" : "wrong");
    option.querySelector(".because").hidden = false;
    option.querySelector(".st").textContent = option === chosen ? (isRight ? "your choice, right" : "your choice") : "right";
  }
  const known = schedule();
  const entry = answered(known[card.dataset.card], right);
  const told = card.querySelector("[role=status]");
  try {
    store.write("review", { ...known, [card.dataset.card]: entry });
    told.textContent = `${right ? "Right." : "Not this time."} ${next(entry)}`;
  } catch (error) {
    told.textContent = `This browser does not keep it: ${error.message}.`;
  }
  card.querySelector(".row").hidden = false;
  card.querySelector(".btn").focus();
  sitting += 1;
}

for (const card of cards) {
  card.addEventListener("change", ({ target }) => answer(card, target.closest(".opt")));
  card.querySelector(".btn").addEventListener("click", () => {
    queue = queue.filter((other) => other !== card);
    show(true);
  });
}
all.addEventListener("click", () => {
  cards.forEach(reset);
  queue = [...cards];
  show(true);
});

const known = schedule();
const now = progress();
queue = cards.filter((card) => {
  const at = due(card.dataset.card, card.dataset.of, known, now);
  return at !== undefined && at !== "never" && at <= day();
});
show(false);
begin();
