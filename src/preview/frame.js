(() => {
  const tell = (what) => parent.postMessage(what, "*");
  const root = document.documentElement;
  const measure = () => {
    const body = document.body;
    if (body) tell({ height: Math.ceil(body.getBoundingClientRect().height + 2 * parseFloat(getComputedStyle(body).marginTop)) });
  };
  addEventListener("DOMContentLoaded", () => {
    new ResizeObserver(measure).observe(document.body);
    measure();
  });
  addEventListener("load", measure);
  // A frame leads nowhere: not by a link, and not by a form.
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href], area[href]");
    if (!link) return;
    event.preventDefault();
    const target = link.getAttribute("href");
    if (target.startsWith("#")) {
      const place = target.length > 1 && document.getElementById(decodeURIComponent(target.slice(1)));
      if (place) tell({ scroll: place.getBoundingClientRect().top });
    } else tell({ link: target });
  }, true);
  addEventListener("submit", (event) => event.preventDefault(), true);
  addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.target;
    if (at.closest && at.closest("input, textarea, select, audio, video")) return;
    const isControl = at.closest && at.closest("[role=checkbox], summary, button, a[href]");
    if (isControl && " jkx".includes(event.key)) return;
    if (" jknwe/?x".includes(event.key) && event.key.length === 1) {
      if (event.key !== "x") event.preventDefault();
      tell({ key: event.key });
    }
  }, true);
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data || event.data.tick !== true) return;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  });
  root.lang = root.lang || "";
})();
