// The left side: decks, topics and questions, of which only those that are seen are drawn.

function flatten() {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const isSearch = words.length > 0 || state.only;
  const rows = [];
  const fits = (question, above) => {
    const [id, text, marks, severity] = question;
    if (state.only && !marks.includes(state.only) && severity !== state.only) return false;
    if (!words.length) return true;
    const all = `${text} ${above} ${id} ${marks.join(" ")} ${severity || ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const group = (kind, key, text, level, rest) => {
    const isFolded = !isSearch && state.folded.has(key);
    const count = rest.filter((row) => row.kind === "question").length;
    if (!count) return;
    rows.push({ kind, key, text, level, count, isFolded });
    if (!isFolded) rows.push(...rest);
  };
  for (const [at, deck] of (state.list?.decks || []).entries()) {
    const inside = [];
    for (const topic of deck.topics) {
      const path = topic.path.join(" › ");
      const level = path ? 3 : 2;
      const questions = topic.questions
        .filter((question) => fits(question, `${deck.title} ${path}`))
        .map(([id, text, marks, severity]) => ({ kind: "question", key: id, text, marks, severity, level }));
      if (!questions.length) continue;
      if (!path) {
        inside.push(...questions);
        continue;
      }
      const key = `${at} ${path}`;
      const isFolded = !isSearch && state.folded.has(key);
      inside.push({ kind: "topic", key, text: path, level: 2, count: questions.length, isFolded, hides: isFolded ? questions.length : 0 });
      if (!isFolded) inside.push(...questions);
    }
    const key = `${at}`;
    const count = inside.reduce((sum, row) => sum + (row.kind === "question" ? 1 : row.hides || 0), 0);
    if (!count) continue;
    const isFolded = !isSearch && state.folded.has(key);
    rows.push({ kind: "deck", key, text: deck.title || "Untitled", level: 1, count, isFolded });
    if (!isFolded) rows.push(...inside);
  }
  const gone = (state.list?.retired || [])
    .map(([id, text]) => [id, text, ["retired"], null])
    .filter((question) => fits(question, "retired"))
    .map(([id, text, marks]) => ({ kind: "question", key: id, text, marks, level: 2, isRetired: true }));
  group("deck", "retired", "Taken out", 1, gone);
  state.rows = rows;
  $("rows").style.height = `${rows.length * ROW}px`;
  state.drawn = "";
  draw();
}

function draw() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 8);
  const last = Math.min(state.rows.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 8);
  const drawn = `${first} ${last} ${state.id} ${state.focus}`;
  if (drawn === state.drawn) return;
  state.drawn = drawn;
  const rows = state.rows.slice(first, last).map((row, at) => rowElement(row, first + at));
  $("rows").replaceChildren(...(state.rows.length ? rows : [make("p", { class: "none", role: "presentation" }, state.list ? "No question fits." : "…")]));
  const active = state.rows.findIndex((row) => row.key === state.focus);
  if (active >= first && active < last) list.setAttribute("aria-activedescendant", `row-${active}`);
  else list.removeAttribute("aria-activedescendant");
}

function rowElement(row, at) {
  const isQuestion = row.kind === "question";
  const element = make("div", {
    class: `row ${row.kind}${row.isRetired ? " retired" : ""}`,
    id: `row-${at}`,
    role: "treeitem",
    "aria-level": row.level,
    "aria-setsize": state.rows.length,
    "aria-posinset": at + 1,
    "aria-selected": isQuestion ? String(row.key === state.id) : null,
    "aria-expanded": isQuestion ? null : String(!row.isFolded),
    title: row.text,
    onclick: () => (isQuestion ? choose(row.key, true) : fold(row)),
  });
  element.style.top = `${at * ROW}px`;
  if (!isQuestion) element.append(make("span", { class: "fold", "aria-hidden": "true" }, row.isFolded ? "▸" : "▾"));
  element.append(make("span", { class: "text", dir: "auto" }, row.text || "Without words"));
  if (!isQuestion) element.append(make("span", { class: "count" }, row.count.toLocaleString("en")));
  for (const mark of [...(row.marks || []), row.severity].filter(Boolean)) element.append(dot(mark));
  return element;
}

// Returns a mark as a dot that has a name.
const dot = (mark) => make("span", { class: `dot ${mark}`, title: mark }, make("span", { class: "hidden" }, mark));

function fold(row, wanted = !row.isFolded) {
  if (wanted) state.folded.add(row.key);
  else state.folded.delete(row.key);
  state.focus = row.key;
  flatten();
}

function reveal(key) {
  const at = state.rows.findIndex((row) => row.key === key);
  const list = $("list");
  if (at < 0) return;
  const top = at * ROW;
  if (top < list.scrollTop + ROW) list.scrollTop = top - 2 * ROW;
  else if (top + 2 * ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + 3 * ROW - list.clientHeight;
}

// Returns where a row is below the upper edge of the list.
function topOf(key) {
  const at = state.rows.findIndex((row) => row.key === key);
  return at < 0 ? null : at * ROW - $("list").scrollTop;
}

// Scrolls so that a row is as far below the upper edge as it was, if it could be seen there.
function keepInView(key, top) {
  const now = topOf(key);
  if (top == null || now == null || top < -ROW || top > $("list").clientHeight) return;
  $("list").scrollTop += now - top;
}

function step(by) {
  const questions = state.rows.filter((row) => row.kind === "question");
  if (!questions.length) return;
  const at = questions.findIndex((row) => row.key === state.id);
  const next = at < 0 ? 0 : Math.min(questions.length - 1, Math.max(0, at + by));
  choose(questions[next].key);
}

function drawMarks() {
  const counts = new Map();
  const count = (mark) => mark && counts.set(mark, (counts.get(mark) || 0) + 1);
  for (const deck of state.list.decks || [])
    for (const topic of deck.topics)
      for (const [, , marks, severity] of topic.questions) {
        marks.forEach(count);
        count(severity);
      }
  (state.list.retired || []).forEach(() => count("retired"));
  if (!counts.has(state.only)) state.only = null;
  // A mark that every question has tells none from another.
  document.body.dataset.all = counts.get("new") === state.list.counts?.questions ? "new" : "";
  const button = ([mark, count]) =>
    make("button", {
      type: "button",
      "aria-pressed": String(state.only === mark),
      onclick: () => {
        state.only = state.only === mark ? null : mark;
        drawMarks();
        flatten();
      },
    }, make("span", { class: `dot ${mark}`, "aria-hidden": "true" }), `${count.toLocaleString("en")} ${mark}`);
  $("marks").replaceChildren(...[...counts].map(button));
}
