// What is kept on this device: named values in local storage, each with the
// version of the form it is written in. The one place that reads and writes
// them, for the pages' program as well as for the modules beside it.

/** Version of the form in which values are kept. */
export const SCHEMA = 3;
/** Everything of this site begins with this, because other pages of the same host may keep things too. */
const PREFIX = "armorlab.";
/** Behind the name of a value that could not be read and was set aside. */
const ASIDE = ".unreadable";

/** From the form with this number to the next one: `(name, value) => value`. */
const MIGRATIONS = {
  // Progress was a list of lessons that were done; now it has the last visit and the best scores too.
  1: (name, value) => (name === "progress" ? { done: Object.fromEntries(value.done.map((slug) => [slug, ""])), last: "", best: {} } : value),
  // A challenge had one best score; now it has one for each of its draws.
  2: (name, value) => (name === "progress" ? { ...value, best: Object.fromEntries(Object.entries(value.best).map(([id, points]) => [id, { 1: points }])) } : value),
};

const place = () => globalThis.localStorage;

/** Reads a record's text; an error says in words what is wrong with it. */
export function parse(name, text) {
  let record;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is damaged (${error.message})`);
  }
  if (!Number.isInteger(record?.schema) || record.value === undefined) throw new Error("it is damaged (it has no version or no value)");
  if (record.schema > SCHEMA) throw Object.assign(new Error(`it was written by a newer version of this site (${record.schema})`), { newer: true });
  let { schema, value } = record;
  try {
    for (; schema < SCHEMA; schema += 1) value = MIGRATIONS[schema](name, value);
  } catch (error) {
    throw new Error(`it is damaged (${error.message})`);
  }
  return value;
}

/**
 * The value kept under a name, or undefined. What cannot be read is set aside
 * under another name, so that the next write destroys nothing; an error says why.
 */
export function read(name, storage = place()) {
  const text = storage.getItem(PREFIX + name);
  if (text === null) return undefined;
  try {
    return parse(name, text);
  } catch (error) {
    if (!error.newer) {
      storage.removeItem(PREFIX + name);
      storage.setItem(PREFIX + name + ASIDE, text);
    }
    throw error;
  }
}

/** Like `read`, for values whose loss can be borne: what cannot be read counts as nothing. */
export function readOr(name, otherwise, storage = place()) {
  try {
    return read(name, storage) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps a value; the error says why the browser does not. */
export function write(name, value, storage = place()) {
  const before = storage.getItem(PREFIX + name);
  if (before !== null) {
    try {
      parse(name, before);
    } catch (error) {
      if (error.newer) throw error;
    }
  }
  try {
    storage.setItem(PREFIX + name, JSON.stringify({ schema: SCHEMA, value }));
  } catch (error) {
    throw new Error(error.name === "QuotaExceededError" ? "its storage for this site is full" : "it does not let this site store anything");
  }
}

/** Forgets a value. */
export function forget(name, storage = place()) {
  storage.removeItem(PREFIX + name);
}

/** The names of everything that is kept. */
export function names(storage = place()) {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index))
    .filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)).sort();
}

/** Forgets everything that this site keeps. */
export function forgetAll(storage = place()) {
  for (const name of names(storage)) forget(name, storage);
}

/** Everything that is kept, as one file's content. What was set aside goes along as it is. */
export function exported(storage = place()) {
  const values = {};
  for (const name of names(storage)) values[name] = storage.getItem(PREFIX + name);
  return JSON.stringify({ armorlab: SCHEMA, values }, null, 2);
}

/**
 * Puts an exported file's values in the place of what is kept; nothing is
 * changed unless all of it can be read and kept. Gives the number of values.
 */
export function restore(text, storage = place()) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
  if (!Number.isInteger(file?.armorlab) || typeof file.values !== "object" || file.values === null) throw new Error("the file is not an export of Armor Lab");
  const incoming = Object.entries(file.values);
  for (const [name, record] of incoming) {
    if (name.endsWith(ASIDE)) continue;
    try {
      parse(name, record);
    } catch (error) {
      throw new Error(`in the file, “${name}” cannot be read: ${error.message}`);
    }
  }
  const before = names(storage).map((name) => [name, storage.getItem(PREFIX + name)]);
  try {
    forgetAll(storage);
    for (const [name, record] of incoming) storage.setItem(PREFIX + name, record);
  } catch {
    forgetAll(storage);
    for (const [name, record] of before) storage.setItem(PREFIX + name, record);
    throw new Error("the browser's storage for this site is too small for it");
  }
  return incoming.length;
}

/** Calls `changed` with a name whenever another tab keeps or forgets something under it; with "" when it forgets everything. */
export function watch(changed) {
  addEventListener("storage", ({ key }) => {
    if (key === null) changed("");
    else if (key.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
  });
}
