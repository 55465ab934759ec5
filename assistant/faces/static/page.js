// Runs in the page's head. Only what a server cannot do: the page's language, copying, focus.
document.documentElement.lang = "zh-CN";
new MutationObserver(() => {
  if (document.documentElement.lang !== "zh-CN") document.documentElement.lang = "zh-CN";
}).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

window.junheng = {
  // A click inside one of our panels becomes one event for the server, with plain data.
  listen(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button, tr[data-school], mark[data-finding]");
      if (!button || !element.contains(button)) return;
      const data = button.dataset;
      if (data.copy !== undefined) this.copy(button);
      else if (data.example !== undefined) trigger("select", { example: data.example });
      else if (data.remove !== undefined) {
        if (window.confirm(`移除“${data.title}”及其全部数据？`)) trigger("click", { remove: data.remove });
      } else if (data.cite !== undefined) {
        trigger("click", { turn: data.turn, cite: data.cite, whole: data.whole === "1" });
      } else if (data.school !== undefined) trigger("click", { school: data.school });
      else if (data.cv !== undefined) trigger("click", { cv: data.cv });
      else if (data.plan !== undefined) {
        button.disabled = true;
        button.textContent = "正在测算……";
        trigger("click", { plan: true });
      } else if (data.audit !== undefined) trigger("select", { audit: data.audit });
      else if (data.finding !== undefined) trigger("click", { finding: data.finding });
      else if (data.step !== undefined) trigger("click", { step: data.step });
      else if (data.part !== undefined) trigger("click", { part: data.part });
      else if (data.at !== undefined) {
        if (!this.goTo(data.at)) trigger("click", { at: data.at }); // it may stand in another part of the text
      }
    });
  },

  // The newest question stands at the top of what is visible, so that a long answer is read from its start.
  showNewest(element) {
    const turns = element.querySelectorAll(".jh-turn");
    const last = turns[turns.length - 1];
    if (!last) return;
    const box = element.closest(".block");
    box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  },

  // What a person asked for by a click is brought into view, and a keyboard user is taken along.
  showPanel(element) {
    const heading = element.querySelector('[data-asked="1"] [tabindex="-1"]');
    if (!heading) return;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start", behavior: "instant" });
  },

  // The audit: every mark stands in the margin beside the line of its figure, several of a line side by side.
  placeTicks(element) {
    if (!this.ticks) this.ticks = new ResizeObserver(() => this.placeTicks(element));
    this.ticks.observe(element);
    for (const line of element.querySelectorAll(".jh-line")) {
      const margin = line.querySelector(".jh-margin");
      if (!margin.childElementCount) continue;
      const top = line.getBoundingClientRect().top;
      const size = 24, across = Math.max(1, Math.floor(margin.clientWidth / size));
      let row = -size, column = across;
      margin.classList.add("jh-placed");
      for (const tick of margin.children) {
        if (tick.offsetParent === null) continue; // filtered away
        const figure = line.querySelector(`[data-at="${tick.dataset.for}"]`);
        const place = figure ? figure.getClientRects()[0].top - top : 0;
        if (place > row + size / 2 || column >= across) {
          row = Math.max(place, row + size);
          column = 0;
        }
        tick.style.top = `${row}px`;
        tick.style.left = `${column * size}px`;
        column += 1;
      }
      line.style.minHeight = row < 0 ? "" : `${row + size}px`;
    }
  },

  // A finding that was asked for: its figure and what it was calculated from are set off in the text.
  showFinding() {
    const found = document.querySelector("#jh-audit-panel .jh-found");
    const text = document.querySelector("#jh-audit-text");
    if (!found || !text) return;
    for (const one of text.querySelectorAll(".jh-here, .jh-used")) one.classList.remove("jh-here", "jh-used");
    for (const one of document.querySelectorAll("#jh-audit [aria-current=true][data-finding]")) one.removeAttribute("aria-current");
    const keys = found.dataset.keys.split(" ");
    for (const one of document.querySelectorAll("#jh-audit [data-finding]")) {
      if (!one.dataset.finding.split(" ").some((key) => keys.includes(key))) continue;
      if (one.tagName === "MARK") one.classList.add("jh-here");
      else one.setAttribute("aria-current", "true");
    }
    for (const at of found.dataset.used.split(" ").filter(Boolean)) {
      for (const one of text.querySelectorAll(`[data-at="${at}"]`)) one.classList.add("jh-used");
    }
    const figure = text.querySelector(`[data-at="${found.dataset.place}"]`);
    if (found.dataset.seen || !figure) return; // the part of the text that holds it is still to come
    found.dataset.seen = "1";
    this.bring(figure, text.querySelector(".jh-marked"));
    const panel = document.querySelector("#jh-audit-panel");
    panel.scrollTop = 0;
    const both = document.querySelector("#jh-audit");
    if (both.offsetHeight < window.innerHeight) both.scrollIntoView({ block: "nearest", behavior: "instant" });
    const heading = found.querySelector("h3"), top = heading.getBoundingClientRect().top;
    heading.focus({ preventScroll: true });
    if (top < 0 || top > window.innerHeight * 0.8) heading.scrollIntoView({ block: "start", behavior: "instant" });
  },

  showText(element) {
    this.placeTicks(element);
    const box = element.querySelector(".jh-marked");
    if (box && box.dataset.goto !== undefined) this.goTo(box.dataset.goto);
    this.showFinding();
  },

  // Scroll a box, and nothing else, so that a piece of its text is in the middle.
  bring(piece, box) {
    if (!piece || !box) return;
    const away = piece.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += away - box.clientHeight / 3;
  },

  // Take a person to a place in the text; false when it is not in the part that is shown.
  goTo(at) {
    const box = document.querySelector("#jh-audit-text .jh-marked");
    const piece = box && box.querySelector(`[data-at="${at}"]`);
    if (!piece) return false;
    this.bring(piece, box);
    piece.tabIndex = -1;
    piece.focus({ preventScroll: true });
    const top = piece.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight - 40) piece.scrollIntoView({ block: "center", behavior: "instant" });
    return true;
  },

  showMark(element) {
    const box = element.querySelector(".jh-source");
    const mark = box && box.querySelector("mark");
    if (mark) {
      const inside = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
      box.scrollTop += inside - Math.max(0, (box.clientHeight - mark.offsetHeight) / 2);
    }
    const panel = element.querySelector('.jh-evidence[data-asked="1"]');
    if (!panel) return;
    element.closest(".block").scrollTop = 0;
    if (element.getBoundingClientRect().top > window.innerHeight * 0.8) element.scrollIntoView({ block: "start" });
    const heading = panel.querySelector("h3");
    if (heading) heading.focus({ preventScroll: true });
  },

  async copy(button) {
    const text = button.dataset.copy;
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      // Without https a browser gives no clipboard; the old way still works there.
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      copied = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const before = button.textContent;
    button.textContent = copied ? "已复制" : "复制失败";
    setTimeout(() => { button.textContent = before; }, 1500);
  },
};
