// Places in the content, and what is wrong at them.

function place(where) {
  const { editor } = state.list;
  const text = `${where.file}:${where.line}`;
  const label = `Open ${text} in the editor`;
  if (editor.link) {
    const part = (name) => (name === "path" ? where.path.split("/").map(encodeURIComponent).join("/") : where[name]);
    const href = editor.link.replace(/\{(path|line|column)\}/g, (_, name) => part(name));
    return make("a", { class: "place", href, title: label }, text);
  }
  if (editor.command) return make("button", { class: "place", type: "button", title: label, onclick: () => edit(where) }, text);
  return make("span", { class: "place" }, text);
}

async function edit(where) {
  const query = new URLSearchParams({ path: where.path, line: where.line, column: where.column });
  const answer = await fetch(`edit?${query}`, { method: "POST" });
  if (!answer.ok) say("The editor could not be opened.");
}

function problemElement(problem) {
  const at = (where) =>
    make("div", {},
      place(where),
      where.lines.length > 0 && make("pre", { tabindex: "0", "aria-label": "Source" }, ...where.lines.flatMap(([before, at, after], index) => [
        index ? "\n" : "", before, make("mark", {}, at), after,
      ])),
      where.label && make("p", { class: "label" }, where.label),
    );
  return make("li", { class: `problem ${problem.severity}` },
    make("h2", {}, problem.message),
    make("p", { class: "code" }, `${problem.severity} · ${problem.code}`),
    at(problem.place),
    ...problem.related.map(at),
    problem.help && make("p", { class: "help" }, problem.help),
  );
}

const problemList = (problems) => make("ul", { class: "problems" }, ...problems.map(problemElement));

function drawAlarm() {
  const alarm = $("alarm");
  const { unreadable, errors = [], problems = [] } = state.list;
  // What is wrong and belongs to no question stands nowhere else while one is shown.
  const others = errors.length ? [] : problems;
  alarm.hidden = !unreadable && !errors.length && !others.length;
  if (alarm.hidden) {
    alarm.replaceChildren();
    return;
  }
  if (others.length && !unreadable) {
    const isOpen = alarm.querySelector("details")?.open;
    const summary = make("summary", {}, `${amount(others.length, "problem")} outside of the questions`);
    alarm.replaceChildren(make("details", { open: isOpen }, summary, problemList(others)));
    return;
  }
  const isStale = errors.length && state.list.decks?.length;
  alarm.replaceChildren(
    make("strong", {}, unreadable ? "The content cannot be read" : amount(errors.length, "error")),
    unreadable ? make("p", {}, unreadable) : make("span", {}, isStale ? " · shown is the last state without" : ""),
    ...(errors.length ? [problemList(errors)] : []),
  );
}
