/** What the page's policy allows: the SHA-256 of `pageScript`, which a test works out anew. */
export const pageScriptHash = "sha256-KdzwY1SqTpqGV9Wigs20vWj9oyo6sS4NgBT4yA23fXY=";

/**
 * Draws the matrix and the list from the page's data, and answers the search and the keys. Text becomes text only
 * (`textContent`), never markup. Plain JavaScript, as no build step comes between this file and the page.
 */
export const pageScript = `"use strict";
(() => {
  const { ends, cells, byNamespace, missing } = JSON.parse(document.getElementById("data").textContent);
  const table = document.getElementById("matrix");
  const list = document.querySelector("#pairs tbody");
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  const query = document.getElementById("query");
  const mostListed = 500;
  const make = (name, text = "", className = "") => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const nameOf = (end) => end.pods > 1 ? end.name + " (" + end.pods + ")" : end.name;
  const pairs = cells.map(([source, destination, text, short, byName, count, ports, facts]) => ({
    source, destination, text, short, byName: byName === 1, count, ports,
    kind: facts.length > 0 ? "maybe" : text === "all" ? "all" : "some",
    words: (ends[source].name + " " + ends[destination].name + " " + text).toLowerCase(),
    told: text + (byName === 1 ? " by name" : "") + (byNamespace ? ", " + count + (count === 1 ? " pair" : " pairs") : "") +
      (facts.length > 0 ? ". It depends on " + facts.map((fact) => missing[fact]).join("; ") : ""),
  }));
  const at = new Map(pairs.map((pair) => [pair.source * ends.length + pair.destination, pair]));
  const startsGroup = ends.map((end, index) => index > 0 && ends[index - 1].group !== end.group);

  const tell = (row, column) => {
    const pair = at.get(row * ends.length + column);
    const [from, to] = [ends[row], ends[column]];
    const same = row === column && from.pods < 2 && !byNamespace;
    status.textContent = nameOf(from) + " \u2192 " + nameOf(to) + ": " +
      (pair ? pair.told : same ? "one and the same" : from.pods + to.pods === 0 ? "no pod" : "nothing");
  };

  // The matrix.
  if (ends.length > 45) table.className = "dense";
  const head = table.createTHead().insertRow();
  head.append(make("th", "from \\\\ to"));
  const columns = ends.map((end, index) => {
    const th = make("th", "", startsGroup[index] ? "start" : "");
    th.scope = "col";
    th.title = nameOf(end);
    th.append(make("span", nameOf(end)));
    head.append(th);
    return th;
  });
  const body = table.createTBody();
  const grid = ends.map((end, row) => {
    const tr = body.insertRow();
    const th = make("th", nameOf(end), startsGroup[row] ? "first" : "");
    th.scope = "row";
    th.title = nameOf(end) + (end.open.length ? ", not isolated for " + end.open.join(" and ") : "");
    tr.append(th);
    return { tr, th, tds: ends.map((_, column) => {
      const td = tr.insertCell();
      const pair = at.get(row * ends.length + column);
      td.tabIndex = -1;
      td.className = [startsGroup[row] && "first", startsGroup[column] && "start",
        row === column && end.pods < 2 && !byNamespace && "self", pair && pair.byName && "named"].filter(Boolean).join(" ");
      if (pair) {
        const mark = make("b", pair.short.length > 7 ? pair.short.slice(0, 6) + "\u2026" : pair.short, pair.kind);
        mark.title = ends[row].name + " \u2192 " + ends[column].name + ": " + pair.told;
        td.append(mark);
      }
      return td;
    }) };
  });

  // Pointing and walking.
  let current;
  const placeOf = (target) => {
    const td = target instanceof Element ? target.closest("td") : null;
    if (!td || !table.contains(td)) return undefined;
    return [td.parentElement.sectionRowIndex, td.cellIndex - 1];
  };
  const mark = (place, on) => {
    if (!place) return;
    grid[place[0]].th.classList.toggle("on", on);
    columns[place[1]].classList.toggle("on", on);
  };
  const show = (place) => {
    mark(current, false);
    current = place;
    mark(place, true);
    if (place) tell(place[0], place[1]);
  };
  let home = grid[0] && grid[0].tds[0];
  const walkFrom = (td) => {
    if (home) home.tabIndex = -1;
    home = td;
    if (home) home.tabIndex = 0;
  };
  walkFrom(home);
  table.addEventListener("mouseover", (event) => { const place = placeOf(event.target); if (place) show(place); });
  table.addEventListener("focusin", (event) => { const place = placeOf(event.target); if (place) show(place); });
  table.addEventListener("click", (event) => { const place = placeOf(event.target); if (place) grid[place[0]].tds[place[1]].focus(); });
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  table.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    let [row, column] = place;
    const [down, right] = steps[event.key] || [0, 0];
    const hidden = () => grid[row] && columns[column] && (grid[row].tr.hidden || columns[column].hidden);
    if (event.key === "Home") column = columns.findIndex((th) => !th.hidden);
    else if (event.key === "End") column = columns.findLastIndex((th) => !th.hidden);
    else if (down || right) do { row += down; column += right; } while (hidden());
    else return;
    event.preventDefault();
    const td = grid[row] && grid[row].tds[column];
    if (!td) return;
    walkFrom(td);
    td.focus();
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // The search: every word must be in a pair's names or ports; a number is a port that may pass.
  const allows = (pair, port) => {
    for (let i = 0; i < pair.ports.length; i += 2) if (pair.ports[i] <= port && port <= pair.ports[i + 1]) return true;
    return false;
  };
  const matches = (pair, words) => words.every((word) =>
    pair.words.includes(word) || (/^[0-9]{1,5}$/.test(word) && allows(pair, Number(word))));
  const search = () => {
    const words = query.value.toLowerCase().split(/[ ,]+/).filter(Boolean);
    const found = words.length === 0 ? pairs : pairs.filter((pair) => matches(pair, words));
    const rows = new Set(found.map(({ source }) => source));
    const shownColumns = new Set(found.map(({ destination }) => destination));
    const isRow = (index) => words.length === 0 || rows.has(index);
    const isColumn = (index) => words.length === 0 || shownColumns.has(index);
    columns.forEach((th, column) => { th.hidden = !isColumn(column); });
    grid.forEach(({ tr, tds }, row) => {
      tr.hidden = !isRow(row);
      if (!tr.hidden) tds.forEach((td, column) => { td.hidden = !isColumn(column); });
    });
    list.replaceChildren(...found.slice(0, mostListed).map((pair) => {
      const tr = make("tr");
      tr.append(make("td", nameOf(ends[pair.source])), make("td", nameOf(ends[pair.destination])), make("td", pair.told));
      return tr;
    }));
    more.textContent = found.length > mostListed ? "and " + (found.length - mostListed) + " more; search for what you want to see" : "";
    const firstRow = grid.find(({ tr }) => !tr.hidden);
    walkFrom(firstRow && firstRow.tds.find((td) => !td.hidden));
    if (words.length > 0) {
      show(undefined);
      status.textContent = found.length === 0 ? "Nothing that may talk matches." : found.length + (found.length === 1 ? " pair matches." : " pairs match.");
    }
  };
  query.addEventListener("input", search);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === query) return;
    event.preventDefault();
    query.focus();
  });
  search();
})();
`;
