// The right side: a question with its cards.

function cardElements() {
  const elements = [];
  for (const note of state.note.notes) {
    for (const card of note.cards) {
      card.css = note.css;
      const kind = note.guid.endsWith("+recall") ? "Key point" : card.template;
      const number = note.is_cloze ? `${kind} ${card.ordinal + 1}` : kind;
      const head = make("div", { class: "card-head" }, make("h2", {}, number), make("span", {}, note.type));
      elements.push(head, sidesElement(card, [card.front, card.back], note.guid, number, false));
      if (card.before) elements.push(sidesElement(card, card.before, note.guid, number, true));
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

// Draws the question. Frames that show the same as before stay, with all that was done in them.
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
  const old = new Map([...root.querySelectorAll("iframe")].map((frame) => [frame.dataset.key, frame]));
  const text = state.rows.find((row) => row.key === note.id)?.text;
  const title = make("h1", { class: "hidden" }, text || "Question");
  const where = make("div", { class: "where" },
    make("span", {}, [note.deck, ...note.topic].filter(Boolean).join(" › ")),
    note.tags.length > 0 && make("span", {}, note.tags.map((tag) => `#${tag}`).join(" ")),
    place(note.place),
  );
  const changes = note.changes.map((change) => make("p", { class: "change" }, make("span", { class: "mark" }, change)));
  const isSame = state.drawnId === note.id;
  const scroll = isSame ? root.scrollTop : 0;
  const elements = [title, where, ...changes, ...viewElements(), ...(note.problems.length ? [problemList(note.problems)] : [])];
  const frames = elements.flatMap((element) => [...element.querySelectorAll("iframe")]);
  const same = isSame && frames.length === old.size && frames.every((frame) => old.has(frame.dataset.key));
  if (same && frames.length) {
    // A frame that is moved in the document begins anew, so everything else is changed around it.
    patch(root, elements);
  } else {
    root.replaceChildren(...elements);
  }
  root.scrollTop = scroll;
  state.drawnId = note.id;
}

// Replaces all but the frames, and each frame that shows something else. (In Chromium a frame whose
// `srcdoc` is set while it still loads may stay blank.)
function patch(root, elements) {
  const frames = new Map([...root.querySelectorAll("iframe")].map((frame) => [frame.dataset.key, frame]));
  const holders = (element) => element.classList.contains("sides");
  const kept = [...root.children].filter(holders);
  const fresh = elements.filter(holders);
  for (const child of [...root.children]) if (!holders(child)) child.remove();
  let at = 0;
  for (const element of elements) {
    if (holders(element)) {
      at += 1;
      continue;
    }
    root.insertBefore(element, kept[at] || null);
  }
  for (const element of fresh) {
    for (const frame of element.querySelectorAll("iframe")) {
      const own = frames.get(frame.dataset.key);
      if (own.shown === frame.shown) continue;
      const figure = own.closest("figure");
      frame.style.height = own.style.height;
      own.replaceWith(frame);
      figure.classList.remove("fresh");
      void figure.offsetWidth;
      figure.classList.add("fresh");
    }
  }
}

function choose(id, isClick) {
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
  const answer = await fetch(`note?id=${encodeURIComponent(id)}`);
  if (!answer.ok && isListComing) return;
  const note = answer.ok ? await answer.json() : null;
  const isOld = note && state.note?.id === id && note.version < state.note.version;
  if (id !== state.id || isOld) return;
  state.note = note;
  drawNote();
}
