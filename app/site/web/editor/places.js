// Places in a text: the engine counts UTF-8 bytes, the browser UTF-16 units.

const ascii = (text) => !/[^\x00-\x7f]/.test(text);
const width = (code) => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** From bytes of `text` to UTF-16 units. */
export function places(text) {
  if (ascii(text)) return (byte) => byte;
  const units = [];
  let unit = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0);
    for (let left = width(code); left > 0; left--) units.push(unit);
    unit += letter.length;
  }
  return (byte) => units[byte] ?? unit;
}

/** The byte at a UTF-16 unit of `text`. */
export function bytes(text, unit) {
  if (ascii(text)) return unit;
  let count = 0;
  for (const letter of text.slice(0, unit)) count += width(letter.codePointAt(0));
  return count;
}

/** The one change that makes `after` of `before`; undefined when they are alike. */
export function difference(before, after) {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}
