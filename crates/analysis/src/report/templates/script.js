"use strict";
// Sorts tables, filters variants, opens folded parts for print. The page is complete without it.
const number = (text) => {
  const found = text.replace(/,/g, "").match(/-?\d+(\.\d+)?(e-?\d+)?/);
  return found ? Number(found[0]) : NaN;
};
const cellText = (row, column) => (row.cells[column] ? row.cells[column].firstChild.textContent : "");
const sortBy = (table, column, head) => {
  const rows = [...table.tBodies[0].rows];
  const falling = head.getAttribute("aria-sort") === "ascending";
  const numeric = rows.some((row) => !Number.isNaN(number(cellText(row, column)))) && column > 0;
  const value = (row) => (numeric ? number(cellText(row, column)) : row.cells[column].textContent);
  const order = (a, b) => {
    if (!numeric) return value(a).localeCompare(value(b), undefined, { numeric: true });
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
    return falling ? y - x : x - y;
  };
  rows.sort(order);
  if (falling && !numeric) rows.reverse();
  rows.forEach((row) => table.tBodies[0].append(row));
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
};
for (const table of document.querySelectorAll("table.sort")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(table, column, head));
  });
}
const tools = document.createElement("p");
tools.className = "tools";
const label = document.createElement("label");
label.textContent = "Show variants with ";
const field = document.createElement("input");
field.type = "search";
field.placeholder = "part of the label";
label.append(field);
const fold = document.createElement("button");
fold.type = "button";
fold.textContent = "Open all";
tools.append(label, fold);
document.querySelector("nav").append(tools);
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of document.querySelectorAll("[data-v]")) {
    const text = (part.dataset.v || part.textContent).toLowerCase();
    part.classList.toggle("hidden", !words.every((word) => text.includes(word)));
  }
});
const all = () => [...document.querySelectorAll("details")];
fold.addEventListener("click", () => {
  const open = all().some((part) => !part.open);
  all().forEach((part) => (part.open = open));
  fold.textContent = open ? "Close all" : "Open all";
});
let closed = [];
addEventListener("beforeprint", () => {
  closed = all().filter((part) => !part.open);
  closed.forEach((part) => (part.open = true));
});
addEventListener("afterprint", () => closed.forEach((part) => (part.open = false)));
const openTarget = () => {
  const target = document.getElementById(location.hash.slice(1));
  const folded = target && target.closest("details");
  if (folded) {
    folded.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", openTarget);
openTarget();
{% include "curves.js" %}
