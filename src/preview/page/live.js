// What the server knows, as often as there is something new.

// Asks for the list, and at the same time for the question that is shown.
async function load() {
  const isFirst = !state.list;
  const [answer] = await Promise.all([fetch("list"), isFirst || loadNote(true)]);
  const list = await answer.json();
  if (!isFirst && list.version < state.list.version) return;
  const before = state.list;
  state.list = list;
  const counts = list.counts;
  $("counts").textContent = counts ? `${amount(counts.questions, "question")}, ${amount(counts.cards, "card")}` : "";
  drawMarks();
  drawAlarm();
  flatten();
  const id = successor(before, list, state.id);
  if (!isFirst && id === state.id) return drawNote();
  state.id = state.focus = id;
  draw();
  await loadNote();
}

const idsOf = (list) => (list?.decks || []).flatMap((deck) => deck.topics.flatMap((topic) => topic.questions.map(([id]) => id)));

// Returns the question to show: the one that was shown, or what is new at its place. (What was
// never built has no id that stays when it is worded otherwise.)
function successor(before, list, id) {
  const now = idsOf(list);
  const [known, isThere] = [new Set(idsOf(before)), new Set(now)];
  const isRetired = (list.retired || []).some(([retired]) => retired === id);
  if (isThere.has(id) || isRetired) return id;
  const old = [...known];
  let at = old.indexOf(id) - 1;
  while (at >= 0 && !isThere.has(old[at])) at -= 1;
  const next = at < 0 ? now[0] : now[now.indexOf(old[at]) + 1];
  return next && (at < 0 || !known.has(next)) ? next : (old[at] ?? "");
}

async function listen() {
  const events = new EventSource(`events?after=${state.list.version}`);
  events.addEventListener("message", (event) => {
    if (Number(event.data) > state.list.version) load();
  });
  events.addEventListener("open", () => {
    if (listen.isLost) {
      listen.isLost = false;
      say("Connected again.");
      load();
    }
  });
  events.addEventListener("error", () => {
    listen.isLost = true;
    say("deckpress has ended, or is not to be reached.");
  });
}

document.documentElement.toggleAttribute("data-night", state.night);
$("night").setAttribute("aria-pressed", String(state.night));
document.body.dataset.shows = "list";
drawViews();
load().then(() => {
  reveal(state.id);
  draw();
  listen();
});
