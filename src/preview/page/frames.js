// The sides of the cards, each in a sandboxed frame.

// Returns a document for a frame.
function frameDocument(html, ordinal, css) {
  const isPhone = state.width === "phone";
  const classes = ["card", `card${ordinal + 1}`, state.night && "nightMode night_mode", !isPhone && "isLin"];
  const [start, end] = state.list.frame;
  const before = isPhone ? start.replace("<html>", '<html class="mobile android linux js">') : start;
  const head = before + (css ?? state.list.css) + end;
  const id = isPhone ? "content" : "qa";
  return `${head}<body class="${classes.filter(Boolean).join(" ")}"><div id="${id}" dir="auto">${html}</div></body></html>`;
}

function frameElement(caption, html, card, key, name) {
  const frame = make("iframe", { sandbox: "allow-scripts", title: name, loading: "lazy", "data-key": key });
  frame.srcdoc = frameDocument(html, card.ordinal, card.css);
  frame.shown = frame.srcdoc;
  return make("figure", {}, make("figcaption", {}, caption), frame);
}

function sidesElement(card, [front, back], guid, name, isPast) {
  const captions = isPast ? ["Question, before", "Answer, before"] : ["Question", "Answer"];
  const sides = [];
  if (state.side !== "answer") sides.push(frameElement(captions[0], front, card, `${guid} ${card.ordinal} ${captions[0]}`, `${name}: ${captions[0].toLowerCase()}`));
  if (state.side !== "question") sides.push(frameElement(captions[1], back, card, `${guid} ${card.ordinal} ${captions[1]}`, `${name}: ${captions[1].toLowerCase()}`));
  return make("div", { class: isPast ? "sides past" : "sides" }, ...sides);
}
