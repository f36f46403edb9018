// The right side: a question with its cards.

function cardElements() {
  const elements = [];
  for (const [at, note] of state.note.notes.entries()) {
    for (const card of note.cards) {
      card.css = note.css;
      const kind = note.guid.endsWith("+recall") ? "Key point" : card.template;
      const number = note.is_cloze ? `${kind} ${card.ordinal + 1}` : kind;
      const head = make("div", { class: "card-head" }, make("h2", {}, number), make("span", {}, note.type));
      const key = `${at} ${card.ordinal}`;
      elements.push(head, sidesElement(card, [card.front, card.back], key, number, false));
      if (card.before) elements.push(sidesElement(card, card.before, key, number, true));
    }
  }
  return elements;
}

const sourceElement = (text) => make("pre", { class: "source", tabindex: "0" }, text);

function viewElements() {
  const { note, view } = state;
  if (!note.notes.length) return [make("p", { class: "quiet" }, "No card is made of this question.")];
  switch (state.view) {
    case "HTML":
      return note.notes.flatMap((its) => its.cards.flatMap((card) => [
        make("h3", { class: "label" }, `${card.template} ${card.ordinal + 1}, question`), sourceElement(card.html[0]),
        make("h3", { class: "label" }, `${card.template} ${card.ordinal + 1}, answer`), sourceElement(card.html[1]),
      ]));
    case "CSV": return [sourceElement(note.csv ?? "")];
    case "Markdown": return [sourceElement(note.markdown ?? "")];
    case "JSON": return [sourceElement(note.json ?? "")];
    default: return cardElements();
  }
}

// Draws the question.
function drawNote() {
  const root = $("note");
  const { note, list } = state;
  document.documentElement.toggleAttribute("data-night", state.night);
  document.body.dataset.width = state.width;
  document.title = note ? "Preview · deckpress" : "deckpress preview";
  if (!note) {
    const isEmpty = list && !list.decks?.length;
    root.replaceChildren(
      make("p", { class: "empty" }, isEmpty ? "There is no question in the content yet." : list ? "Choose a question." : "…"),
      ...(list?.problems?.length ? [problemList(list.problems)] : []),
    );
    return;
  }
  if (note.retired) {
    root.replaceChildren(make("p", { class: "empty" }, note.question), make("p", { class: "quiet" }, "This question was taken out. Learners keep its cards until they delete them."));
    return;
  }
  const title = make("h1", { class: "hidden" }, titleOf(note.id));
  const where = make("div", { class: "where" },
    make("span", {}, [note.deck, ...note.topic].filter(Boolean).join(" › ")),
    note.tags.length > 0 && make("span", {}, note.tags.map((tag) => `#${tag}`).join(" ")),
    place(note.place),
  );
  const changes = note.changes.map((change) => make("p", { class: "change" }, make("span", { class: "mark" }, change)));
  const isSame = state.drawnId === note.id;
  const scroll = isSame ? root.scrollTop : 0;
  const problems = note.problems.length > 0 && problemList(note.problems);
  const changed = patch(root, [title, where, ...changes, ...viewElements(), problems].filter(Boolean));
  if (isSame) changed.forEach(flash);
  root.scrollTop = scroll;
  state.drawnId = note.id;
}

const titleOf = (id) => state.rows.find((row) => row.key === id)?.text || "Question";

// Replaces all but the frames, which begin anew when they are moved in the document; they stay, and
// show what they are to show now. Returns those that show something else.
function patch(root, elements) {
  const known = new Map([...root.querySelectorAll(".sides")].map((sides) => [sides.dataset.key, sides]));
  const changed = [];
  let next = root.firstChild;
  for (const element of elements) {
    const kept = element.dataset.key && known.get(element.dataset.key);
    const isAhead = kept?.isConnected && next && (kept === next || next.compareDocumentPosition(kept) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!isAhead) {
      root.insertBefore(element, next);
      continue;
    }
    while (next !== kept) next = removeAndStep(next);
    changed.push(...updateSides(kept, element));
    next = kept.nextSibling;
  }
  while (next) next = removeAndStep(next);
  return changed;
}

function removeAndStep(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function flash(frame) {
  const figure = frame.closest("figure");
  if (!figure) return;
  figure.classList.remove("fresh");
  void figure.offsetWidth;
  figure.classList.add("fresh");
}

function choose(id, isClick) {
  state.missed = null;
  state.id = id;
  state.focus = id;
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  document.body.dataset.shows = isClick || document.body.dataset.shows !== "list" ? "note" : "list";
  reveal(id);
  draw();
  return loadNote();
}

// Loads the question. What is gone stays until the list says what is in its place, if that comes.
async function loadNote(isListComing = false) {
  const id = state.id;
  if (!id) return isListComing || drawNote();
  const note = await (await fetch(`note?id=${encodeURIComponent(id)}`)).json();
  if (!note && isListComing) return;
  const isOld = note && state.note?.id === id && note.version < state.note.version;
  if (id !== state.id || isOld) return;
  state.note = note;
  drawNote();
}
