// What web/store.js does, without a browser.
import { expect, test } from "@playwright/test";
import * as store from "../../app/site/web/store.js";
import { SPACING, answered, day, due } from "../../app/site/web/progress.js";

/** A storage as browsers have it, with room for so many characters. */
function storage(room = Infinity) {
  const map = new Map();
  return {
    get length() { return map.size; },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    removeItem: (key) => map.delete(key),
    setItem(key, value) {
      const used = [...map].reduce((sum, [name, text]) => sum + (name === key ? 0 : name.length + text.length), 0);
      if (used + key.length + value.length > room) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
      map.set(key, String(value));
    },
  };
}

test("a value is read back as it was written", () => {
  const place = storage();
  store.write("lab.x", { files: { a: "ü\n" } }, place);
  expect(store.read("lab.x", place)).toEqual({ files: { a: "ü\n" } });
  expect(store.read("lab.y", place)).toBeUndefined();
});

test("progress of the first version is lifted to the present one", () => {
  const place = storage();
  place.setItem("armorlab.progress", JSON.stringify({ schema: 1, value: { done: ["two-guards"] } }));
  expect(store.read("progress", place)).toEqual({ done: { "two-guards": "" }, last: "", best: {} });
});

test("a best score of the second version becomes that of the first draw", () => {
  const place = storage();
  place.setItem("armorlab.progress", JSON.stringify({ schema: 2, value: { done: {}, last: "", best: { "attack-a-folder": 95 } } }));
  expect(store.read("progress", place)).toEqual({ done: {}, last: "", best: { "attack-a-folder": { 1: 95 } } });
});

test("drafts of the first version are read as they are", () => {
  const place = storage();
  place.setItem("armorlab.lab.x", JSON.stringify({ schema: 1, value: { files: {} } }));
  expect(store.read("lab.x", place)).toEqual({ files: {} });
});

test("what is damaged is told, set aside, and not destroyed by the next write", () => {
  for (const text of ["", "{", "null", '{"value":1}', '{"schema":1}', '{"schema":1,"value":3}']) {
    const place = storage();
    place.setItem("armorlab.progress", text);
    expect(() => store.read("progress", place), text).toThrow(/^it is damaged/);
    store.write("progress", { done: {} }, place);
    expect(place.getItem("armorlab.progress.unreadable"), text).toBe(text);
  }
});

test("what a newer version wrote is neither taken nor overwritten", () => {
  const place = storage();
  const text = JSON.stringify({ schema: 99, value: { later: true } });
  place.setItem("armorlab.settings", text);
  expect(() => store.read("settings", place)).toThrow("it was written by a newer version of this site (99)");
  expect(() => store.write("settings", {}, place)).toThrow(/newer version/);
  expect(place.getItem("armorlab.settings")).toBe(text);
});

test("a full storage is told in words, and what was there stays", () => {
  const place = storage(80);
  store.write("a", "x".repeat(20), place);
  expect(() => store.write("a", "y".repeat(90), place)).toThrow("its storage for this site is full");
  expect(store.read("a", place)).toBe("x".repeat(20));
});

test("an exported file brings everything back, and a bad one changes nothing", () => {
  const [from, to] = [storage(), storage()];
  store.write("progress", { done: { a: "2026-01-01" }, last: "a", best: {} }, from);
  store.write("lab.a", { files: { x: "1" } }, from);
  to.setItem("other", "of another page");
  store.write("lab.b", {}, to);
  expect(store.restore(store.exported(from), to)).toBe(2);
  expect(store.names(to)).toEqual(["lab.a", "progress"]);
  expect(to.getItem("other")).toBe("of another page");
  for (const [text, why] of [["{", "not JSON"], ["{}", "not an export"], ['{"armorlab":2,"values":{"progress":"{"}}', "cannot be read"]]) {
    expect(() => store.restore(text, to)).toThrow(why);
    expect(store.names(to)).toEqual(["lab.a", "progress"]);
  }
});

test("a file that does not fit leaves what was there", () => {
  const [from, to] = [storage(), storage(120)];
  store.write("lab.a", "x".repeat(500), from);
  store.write("lab.b", "small", to);
  expect(() => store.restore(store.exported(from), to)).toThrow("too small");
  expect(store.read("lab.b", to)).toBe("small");
});

test("a review card comes up after 1, 3, 7 and 21 days and then no more, and after a wrong answer tomorrow", () => {
  let entry;
  for (const days of SPACING) {
    entry = answered(entry, true);
    expect(entry.due).toBe(day(days));
  }
  expect(answered(entry, true).due).toBe("never");
  expect(answered(entry, false)).toEqual({ step: 0, due: day(1) });
});

test("a card of a lesson that was not done is not due, and one that was is due the day after", () => {
  expect(due("c", "l", {}, { done: {} })).toBeUndefined();
  expect(due("c", "l", {}, { done: { l: "2026-02-28" } })).toBe("2026-03-01");
});
