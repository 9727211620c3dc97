"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;

  // Light and dark.
  const theme = $("#theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.setAttribute("aria-label", "Switch between light and dark");
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
    dispatchEvent(new Event("themechange"));
  });
  prefersDark.addEventListener("change", () => { nameTheme(); dispatchEvent(new Event("themechange")); });
  nameTheme();

  // What a figure means, on hover and focus.
  const tip = $("#tip");
  let tipOwner = null;
  const showTip = (owner, text) => {
    tipOwner = owner;
    tip.textContent = text;
    tip.hidden = false;
    const box = owner.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - size.width - 8));
    const below = box.bottom + 6 + size.height < innerHeight || box.top < size.height + 8;
    tip.style.left = left + "px";
    tip.style.top = (below ? box.bottom + 6 : box.top - size.height - 6) + "px";
  };
  const hideTip = () => { tipOwner = null; tip.hidden = true; };
  let leaving = 0;
  const enter = event => {
    const owner = event.target.closest?.(".def");
    if (!owner) return;
    clearTimeout(leaving);
    const meaning = document.getElementById(owner.getAttribute("aria-describedby"));
    if (meaning) showTip(owner, meaning.textContent);
  };
  const leave = event => {
    if (event.target.closest?.(".def") || event.target === tip) leaving = setTimeout(hideTip, 120);
  };
  document.addEventListener("pointerover", event => { if (tip.contains(event.target)) clearTimeout(leaving); else enter(event); });
  document.addEventListener("pointerout", leave);
  document.addEventListener("focusin", enter);
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", event => { if (event.key === "Escape") hideTip(); });
  addEventListener("scroll", () => { if (tipOwner) hideTip(); }, { passive: true });
  document.addEventListener("click", event => {
    const owner = event.target.closest?.("a.def");
    if (owner) event.preventDefault();
  });

  // Print shows what is folded.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = $$("details.finding:not([open]), details.fold:not([open])");
    unfolded.forEach(details => { details.open = true; });
  });
  addEventListener("afterprint", () => { unfolded.forEach(details => { details.open = false; }); });

  // A link to a finding unfolds it.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details.finding")) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Sorting.
  const value = row => column => {
    const cell = row.cells[column];
    return cell.dataset.s === undefined ? cell.textContent : Number(cell.dataset.s);
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  for (const table of $$("table.sortable")) {
    const heads = $$("thead th", table);
    heads.forEach((head, column) => {
      const link = $("a", head);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      if (link) {
        button.className = "def";
        button.setAttribute("aria-describedby", link.getAttribute("aria-describedby"));
      }
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const numeric = head.classList.contains("n");
        const descending = head.ariaSort ? head.ariaSort === "ascending" : numeric;
        heads.forEach(other => { other.ariaSort = null; });
        head.ariaSort = descending ? "descending" : "ascending";
        const body = table.tBodies[0];
        const unknown = row => row.cells[column].textContent === "–";
        const rows = [...body.rows].sort((a, b) =>
          unknown(a) - unknown(b) || (descending ? -1 : 1) * compare(value(a)(column), value(b)(column)));
        body.append(...rows);
      });
    });
  }
})();
