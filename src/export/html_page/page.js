"use strict";
(() => {
  const make = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") element.addEventListener(key, value);
      else element.setAttribute(key, value);
    }
    element.append(...inside);
    return element;
  };
  const button = (text, click) => make("button", { type: "button", class: "button", click }, text);
  const modes = document.getElementById("modes");
  const questions = document.getElementById("questions");
  const articles = [...questions.querySelectorAll("article")];
  const isNight = matchMedia("(prefers-color-scheme: dark)");
  const setNight = (value) => document.documentElement.classList.toggle("nightMode", value);
  setNight(isNight.matches);
  isNight.addEventListener("change", () => setNight(isNight.matches));

  // What scrolls by itself can be scrolled with the keyboard.
  for (const element of document.querySelectorAll("pre, table, math[display=block]")) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  }

  // Quiz. Nothing of it is stored.
  const quiz = make("main", { id: "quiz" });
  let queue = [];
  let known = 0;
  let all = 0;
  let isTurned = false;
  const shuffle = (list) => {
    for (let at = list.length - 1; at > 0; at--) {
      const other = Math.floor(Math.random() * (at + 1));
      [list[at], list[other]] = [list[other], list[at]];
    }
    return list;
  };
  const topics = [...questions.querySelectorAll(".topic-part")];
  const nameOf = (topic) => {
    const deck = topic.closest(".deck").querySelector("h2");
    const own = topic.querySelector(":scope > h3");
    return [deck, own].filter(Boolean).map((heading) => heading.textContent).join(" › ") || "Other questions";
  };
  const choice = make("select", { "aria-label": "What to ask", change: () => begin() });
  choice.append(make("option", { value: "" }, "All questions"));
  if (topics.length > 1) topics.forEach((topic, at) => choice.append(make("option", { value: String(at) }, nameOf(topic))));
  const begin = () => {
    const asked = choice.value === "" ? articles : [...topics[Number(choice.value)].querySelectorAll("article")];
    queue = shuffle([...asked]);
    all = queue.length;
    known = 0;
    ask();
  };
  const ask = () => {
    isTurned = false;
    draw();
  };
  const turn = () => {
    isTurned = true;
    draw();
    const first = quiz.querySelector(".answers .button:last-child");
    if (first) first.focus({ preventScroll: true });
  };
  const grade = (isKnown) => {
    const question = queue.shift();
    if (isKnown) known += 1;
    else queue.splice(Math.min(queue.length, 3), 0, question);
    ask();
    const next = quiz.querySelector(".answers .button");
    if (next) next.focus({ preventScroll: true });
  };
  const draw = () => {
    const bar = make("div", { class: "bar-of-quiz" }, choice,
      make("progress", { value: String(known), max: String(Math.max(all, 1)), "aria-label": "Known" }),
      make("span", { role: "status" }, `${known} of ${all}`));
    if (!queue.length) {
      quiz.replaceChildren(bar, make("div", { class: "done" }, make("p", {}, "That was all of it."), button("Once more", begin)));
      return;
    }
    const article = queue[0].cloneNode(true);
    article.removeAttribute("id");
    article.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    const back = article.querySelector(".back");
    back.hidden = !isTurned;
    const answers = make("div", { class: "answers" },
      ...(isTurned ? [button("Again", () => grade(false)), button("Knew it", () => grade(true))] : [button("Show the answer", turn)]));
    const around = make("h2", { class: "unseen" }, "Quiz");
    quiz.replaceChildren(around, bar, make("h3", {}, nameOf(queue[0].closest(".topic-part"))), article, answers);
  };
  document.addEventListener("keydown", (event) => {
    if (quiz.hidden || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, summary, audio, video")) return;
    if (event.key === " " && !event.target.closest("button") && !isTurned && queue.length) {
      event.preventDefault();
      turn();
    }
    if (isTurned && event.key === "1") grade(false);
    if (isTurned && event.key === "2") grade(true);
  });

  // Cards to cut out: pages of fronts, and behind each one its backs, mirrored.
  const papers = make("div", { id: "papers", "aria-hidden": "true" });
  const fit = (cell) => {
    for (let size = 10; size > 5 && cell.scrollHeight > cell.clientHeight; size -= 0.5) cell.style.fontSize = `${size}pt`;
  };
  const cell = (article, side) => {
    const part = article && article.querySelector(side).cloneNode(true);
    part && part.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    return make("div", {}, ...(part ? [part] : []));
  };
  const layOut = () => {
    papers.replaceChildren();
    for (let at = 0; at < articles.length; at += 8) {
      const eight = Array.from({ length: 8 }, (_, card) => articles[at + card]);
      const mirrored = eight.map((_, card) => eight[card ^ 1]);
      papers.append(
        make("div", { class: "paper" }, ...eight.map((article) => cell(article, ".front"))),
        make("div", { class: "paper" }, ...mirrored.map((article) => cell(article, ".back"))));
    }
  };
  const print = (asCards) => {
    document.body.classList.toggle("prints-cards", asCards);
    if (asCards) layOut();
    window.print();
  };
  addEventListener("beforeprint", () => papers.querySelectorAll(".paper > div").forEach(fit));
  addEventListener("afterprint", () => {
    document.body.classList.remove("prints-cards");
    papers.replaceChildren();
  });

  const buttons = [button("Read", () => show(false)), button("Quiz", () => show(true))];
  const show = (isQuiz) => {
    questions.hidden = isQuiz;
    quiz.hidden = !isQuiz;
    buttons.forEach((element, at) => element.setAttribute("aria-pressed", String(isQuiz === (at === 1))));
    if (!isQuiz) return;
    begin();
    const first = quiz.querySelector(".answers .button");
    if (first) first.focus({ preventScroll: true });
  };
  quiz.hidden = true;
  questions.after(quiz, papers);
  const night = button("Night", () => setNight(!document.documentElement.classList.contains("nightMode")));
  modes.append(...buttons, button("Print", () => print(false)), button("Print cards", () => print(true)), night);
  modes.hidden = false;
  show(false);
})();
