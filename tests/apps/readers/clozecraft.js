// The library with which obsidian-spaced-repetition finds its clozes, by that plugin's settings.
const { ClozeCrafter } = require("clozecraft");

const crafter = new ClozeCrafter(["==[123;;]answer[;;hint]=="]);
const formatter = {
  asking: (_, hint) => `[${hint || "..."}]`,
  hiding: (_, hint) => `[${hint || "..."}]`,
  showingAnswer: (answer) => answer,
};

function cards(text) {
  const note = crafter.createClozeNote(text);
  const numbers = note ? [...Array(note.numCards).keys()] : [];
  return numbers.map((number) => [
    note.getCardFront(number, formatter),
    note.getCardBack(number, formatter),
  ]);
}

const { lines, texts } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const result = { lines: lines.map((line) => crafter.isClozeNote(line)), texts: texts.map(cards) };
process.stdout.write(JSON.stringify(result));
