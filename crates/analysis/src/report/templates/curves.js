// Switches learning curves between scales. The page draws the first scale of either direction.
const texts = (value) => value.trim().split(/\s+/);
const pathPoints = (path) => {
  const numbers = path.match(/-?\d+/g).map(Number);
  let [x, y] = [0, 0];
  return numbers.flatMap((step, at) => (at % 2 ? [[(x += numbers[at - 1]), (y += step)]] : []));
};
const valueAt = ([low, high], log, part) => (log ? low * (high / low) ** part : low + part * (high - low));
const partAt = ([low, high], log, value) => (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
const drawn = new Map();
const moved = (path, plot, series) => {
  if (!drawn.has(path)) drawn.set(path, path.getAttribute("d"));
  const whole = drawn.get(path);
  if ((plot.x === 0 && plot.y === 0) || !whole) return whole;
  const points = pathPoints(whole);
  let last = 0;
  const times = series.dataset.times ? texts(series.dataset.times).map((step) => (last += Number(step))) : [];
  const across = (x, at) => {
    if (plot.xs[plot.x] === "images") return x * Number(series.dataset.images);
    // The lower half of a band runs from the last point back to the first one.
    return plot.xs[plot.x] === "time" ? times[at >= times.length ? 2 * times.length - 1 - at : at] : x;
  };
  const log = (at) => plot.ys[at] === "log";
  const down = (y) => {
    if (plot.y === 0) return y;
    const part = partAt(plot.ends[plot.y], log(plot.y), valueAt(plot.ends[0], log(0), 1 - y / 2000));
    return 2000 * Math.min(Math.max(1 - part, -9), 10);
  };
  const text = points.map(([x, y], at) => `${across(x, at).toFixed(1)} ${down(y).toFixed(1)}`);
  return `M${text.join("L")}${whole.endsWith("z") ? "z" : ""}`;
};
const rescale = (svg, x, y) => {
  const [xs, ys, ends] = [texts(svg.dataset.x), texts(svg.dataset.y), texts(svg.dataset.ends).map(Number)];
  const index = (names, name) => Math.max(names.indexOf(name), 0);
  const plot = { xs, ys, ends: [ends.slice(0, 2), ends.slice(2)], x: index(xs, x), y: index(ys, y) };
  for (const ticks of svg.querySelectorAll("[data-scale]")) {
    ticks.classList.toggle("hidden", ![xs[plot.x], ys[plot.y]].includes(ticks.dataset.scale));
  }
  for (const series of svg.querySelectorAll("[data-images]")) {
    for (const path of series.querySelectorAll("path")) path.setAttribute("d", moved(path, plot, series));
  }
  for (const mark of svg.querySelectorAll("[data-at]")) {
    mark.setAttribute("x", `${texts(mark.dataset.at)[plot.x]}%`);
    mark.setAttribute("y", `${texts(mark.dataset.down)[plot.y]}%`);
  }
  const label = svg.closest("figure").querySelector(".scale");
  const unit = label.parentNode.firstChild === label ? "" : ", ";
  label.textContent = ys[plot.y] === "log" ? `${unit}log scale` : "";
};
const choice = (title, names) => {
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (const [value, text] of names) select.add(new Option(text, value));
  label.append(`${title} `, select);
  return label;
};
for (const curves of document.querySelectorAll(".curves")) {
  const plots = [...curves.querySelectorAll("svg.curve")];
  const has = (direction, name) => plots.some((svg) => texts(svg.dataset[direction]).includes(name));
  const kept = (direction, all) => all.filter(([name]) => name === "" || has(direction, name));
  const xs = kept("x", [["step", "steps"], ["images", "images"], ["time", "time"]]);
  const ys = kept("y", [["", "as suits each quantity"], ["linear", "linear"], ["log", "logarithmic"]]);
  const bar = document.createElement("div");
  bar.className = "tools";
  const [x, y] = [choice("Horizontal axis", xs), choice("Vertical axis", ys)];
  bar.append(x, y);
  const [ofX, ofY] = [x, y].map((label) => label.querySelector("select"));
  bar.addEventListener("change", () => plots.forEach((svg) => rescale(svg, ofX.value, ofY.value)));
  curves.querySelector("h4").after(bar);
}
