(() => {
  const tell = (what) => parent.postMessage(what, "*");
  const root = document.documentElement;
  const style = document.currentScript.previousElementSibling;
  let number = 0;
  const measure = () => {
    const body = document.body;
    tell({ height: Math.ceil(body.getBoundingClientRect().height + 2 * parseFloat(getComputedStyle(body).marginTop)), number });
  };
  // Shows a side as Anki does: what is put in is no document of its own, and its scripts run then.
  const show = ({ html, css }) => {
    if (style.textContent !== css) style.textContent = css;
    const root = document.querySelector("#qa, #content");
    root.innerHTML = html;
    for (const idle of root.querySelectorAll("script")) {
      const script = document.createElement("script");
      for (const { name, value } of idle.attributes) script.setAttribute(name, value);
      script.textContent = idle.textContent;
      idle.replaceWith(script);
    }
    measure();
  };
  addEventListener("DOMContentLoaded", () => {
    new ResizeObserver(() => number && measure()).observe(document.body);
    tell({ ready: true });
  });
  addEventListener("load", () => number && measure(), true);
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
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !data) return;
    if (data.tick === true) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
    else if (data.side) {
      number = data.number;
      show(data.side);
    }
  });
  root.lang = root.lang || "";
})();
