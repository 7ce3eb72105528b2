// What the engine is asked and answers, and the sentences in it.

const PROTOCOL = 4;

/** A request as the engine takes it. */
export const asked = (request, id = 0) => JSON.stringify({ version: PROTOCOL, id, request });

/** What a response holds, whatever its name. */
export const contents = (response) => Object.values(response)[0];

/** The nodes of a sentence, in which `…` is code. */
export const words = (sentence) => sentence.split("`").map((text, index) => (index % 2 ? Object.assign(document.createElement("code"), { textContent: text }) : text));
