// The page of `deckpress preview`. All text of an author's is set as text; their HTML stands in
// sandboxed frames alone.
"use strict";

const $ = (id) => document.getElementById(id);
const ROW = 36;
const VIEWS = ["Card", "HTML", "CSV", "Markdown", "JSON"];

const state = {
  list: null,
  note: null,
  rows: [],
  folded: new Set(),
  only: null,
  id: decodeURIComponent(location.hash.slice(1)),
  // The question that was chosen, with its text, while it is not there.
  missed: null,
  view: "Card",
  side: "both",
  width: "desktop",
  night: matchMedia("(prefers-color-scheme: dark)").matches,
};

// Returns an element with its attributes, and what is in it.
function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...inside.filter((part) => part != null && part !== false));
  return element;
}

const amount = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

function say(word) {
  $("word").textContent = word;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => ($("word").textContent = ""), 5000);
}
