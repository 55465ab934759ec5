// Runs in the page's head. Only what a server cannot do: the page's language, copying, focus.
document.documentElement.lang = "zh-CN";
new MutationObserver(() => {
  if (document.documentElement.lang !== "zh-CN") document.documentElement.lang = "zh-CN";
}).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

window.junheng = {
  // A click inside one of our panels becomes one event for the server, with plain data.
  listen(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button, tr[data-school]");
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
