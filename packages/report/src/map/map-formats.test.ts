import { createHash } from "node:crypto";
import { type ConnectionSet, clusterFrom, portsOf, readManifests } from "@podwall/engine";
import { Window } from "happy-dom";
import { afterEach, describe, expect, it } from "vitest";
import { printable } from "../printable.ts";
import { type XmlElement, hostile, readXml } from "../testing.ts";
import { type ConnectionMap, connectionMap } from "./connection-map.ts";
import { mapCsv } from "./map-csv.ts";
import { mapDot } from "./map-dot.ts";
import { mapHtml } from "./map-html.ts";
import { type MapMatrix, mapMatrix } from "./map-matrix.ts";
import { mapSvg } from "./map-svg.ts";
import { pageScript, pageScriptHash } from "./page/page-script.ts";
import { pageStyle, pageStyleHash } from "./page/page-style.ts";

const tcp = (port: number): ConnectionSet => portsOf("TCP", [{ first: port, last: port }]);
const everything = connectionMap(
  clusterFrom(
    readManifests([{ name: "a", text: "{apiVersion: v1, kind: Pod, metadata: {namespace: z, name: z}}" }]).objects,
  ),
).pairs[0]?.connections as ConnectionSet;

const small: ConnectionMap = {
  ends: [
    { name: "shop/web", pods: ["shop/web-1", "shop/web-2"], open: ["egress"] },
    { name: "shop/db", pods: ["shop/db-0"], open: [] },
    { name: "jobs/cron", pods: ["jobs/cron"], open: [] },
  ],
  pairs: [
    { source: "shop/web", destination: "shop/db", connections: tcp(5432) },
    { source: "outside", destination: "shop/web", connections: everything },
    { source: "10.0.0.0/8", destination: "shop/web", connections: { ...tcp(443), UDP: tcp(53).TCP, other: true } },
  ],
  byName: [{ source: "jobs/cron", destination: "*.example.com", connections: tcp(443) }],
  closed: 7,
};

/** A map with hostile names everywhere. */
const bad: ConnectionMap = {
  ends: [
    { name: hostile, pods: [hostile], open: [] },
    { name: `b/${hostile}`, pods: ["x", hostile], open: [] },
  ],
  pairs: [{ source: hostile, destination: `b/${hostile}`, connections: tcp(1) }],
  byName: [{ source: hostile, destination: `=${hostile}`, connections: tcp(2) }],
  closed: 0,
};

/** So many ends in so many namespaces, each end reaching the next. */
function chain(count: number, namespaces: number): ConnectionMap {
  const ends = Array.from({ length: count }, (_, index) => {
    const name = `ns-${index % namespaces}/app-${index}`;
    return { name, pods: [name], open: [] };
  });
  const pairs = ends.slice(1).map(({ name }, index) => {
    return { source: ends[index]?.name ?? "", destination: name, connections: tcp(80 + (index % 3)) };
  });
  return { ends, pairs, byName: [], closed: 0 };
}

function matrix(map: ConnectionMap, most = 120): MapMatrix {
  const made = mapMatrix(map, { ends: most });
  if ("problem" in made) throw new Error(made.problem);
  return made;
}

function texts(element: XmlElement): string[] {
  return [element.text, ...element.children.flatMap(texts)];
}

describe("the map in CSV", () => {
  it("has a line for each protocol of each pair", () => {
    expect(mapCsv(small).split("\r\n")).toEqual([
      "source,destination,protocol,ports,by name,answer,depends on",
      "shop/web,shop/db,TCP,5432,no,allowed,",
      "outside,shop/web,TCP,all,no,allowed,",
      "outside,shop/web,UDP,all,no,allowed,",
      "outside,shop/web,SCTP,all,no,allowed,",
      "outside,shop/web,other,,no,allowed,",
      "10.0.0.0/8,shop/web,TCP,443,no,allowed,",
      "10.0.0.0/8,shop/web,UDP,53,no,allowed,",
      "10.0.0.0/8,shop/web,other,,no,allowed,",
      "jobs/cron,*.example.com,TCP,443,yes,allowed,",
      "",
    ]);
    const ports = [80, 8000].map((first) => ({ first, last: first + 1 }));
    const pair = { source: "a", destination: "b", connections: portsOf("TCP", ports) };
    expect(mapCsv({ ...small, pairs: [pair], byName: [] })).toContain("a,b,TCP,80-81 8000-8001,no,allowed,");
  });

  it("is one field each and no formula, whatever is in it", () => {
    const records = readCsv(
      mapCsv({ ...bad, byName: [{ ...bad.byName[0], source: "@x", destination: "+1" }] as never }),
    );
    expect(records).toHaveLength(3);
    expect(records.every((record) => record.length === 7)).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
    expect(records[1]?.[0]).toBe(hostile.replaceAll(/[\u0000\u001b]/g, ""));
    expect(records[2]?.slice(0, 2)).toEqual(["'@x", "'+1"]);
  });
});

/** RFC 4180. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  return records;
}

describe("the map for Graphviz", () => {
  it("has a node an end within its namespace, and an edge a pair", () => {
    const dot = mapDot(matrix(small));
    expect(dot).toContain('    label="shop"; ');
    expect(dot).toContain('    n2 [label="web (2)"];');
    expect(dot).toContain('  n2 -> n1 [label="TCP 5432"];');
    expect(dot).toContain(' [label="all", color="#d97706"];');
    expect(dot).toContain(' [label="TCP 443 by name", style=dashed];');
  });

  it("keeps every text in its quotes", () => {
    const lines = mapDot(matrix(bad)).split("\n");
    const rest = lines.map((line) => line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'));
    expect(rest.filter((line) => /script|warning|team/.test(line))).toEqual([]);
    expect(rest.join("\n")).not.toContain('"""');
    expect(lines.join("")).toContain("\\\\u000d\\\\u000a::error");
  });
});

describe("the map as SVG", () => {
  it("has a row and a column an end, and says of each cell what it is", () => {
    const root = readXml(mapSvg(matrix(small)));
    expect(root.attributes["width"]).toMatch(/^\d+$/);
    const all = texts(root);
    expect(all.filter((text) => text === "shop/web (2)")).toHaveLength(2);
    expect(all).toContain("shop/web -> shop/db: TCP 5432");
    expect(all).toContain("5432");
    expect(all).toContain("443+2");
    expect(all).toContain("jobs/cron -> *.example.com: TCP 443 by name");
  });

  it("is well-formed, and nothing in it but text, whatever the names are", () => {
    const names = new Set<string>();
    const visit = ({ name, children }: XmlElement): void => {
      names.add(name);
      children.forEach(visit);
    };
    visit(readXml(mapSvg(matrix(bad))));
    expect([...names].sort()).toEqual(["g", "path", "rect", "style", "svg", "text", "title"]);
  });
});

describe("a map that is too large to look at", () => {
  it("is drawn by namespace", () => {
    const { ends, cells, byNamespace, summary } = matrix(chain(200, 5));
    expect(byNamespace).toBe(true);
    expect(ends.map(({ name, pods }) => [name, pods])).toEqual([0, 1, 2, 3, 4].map((n) => [`ns-${n}`, 40]));
    expect(cells[0]).toMatchObject({ source: 0, destination: 1, pairs: 40 });
    expect(summary).toBe("200 ends, 199 pairs: 199 may talk, 0 may not");
    const svg = texts(readXml(mapSvg(matrix(chain(200, 5)))));
    expect(svg).toContain("ns-0 -> ns-1: TCP 80-82, 40 pairs");
  });

  it("is drawn by namespace as well where it would have too many lines", () => {
    const byNamespace = (cells: number) => mapMatrix(chain(50, 5), { ends: 100, cells });
    expect(byNamespace(49)).toMatchObject({ byNamespace: false });
    expect(byNamespace(48)).toMatchObject({ byNamespace: true });
  });

  it("takes everything that is no pod for one", () => {
    const { ends, cells } = matrix(small, 3);
    expect(ends.map(({ name }) => name)).toEqual(["jobs", "shop", "outside"]);
    expect(cells.map(({ source, destination, pairs, byName }) => [source, destination, pairs, byName])).toEqual([
      [0, 2, 1, true],
      [1, 1, 1, false],
      [2, 1, 2, false],
    ]);
  });

  it("is refused where namespaces are too many as well, and says what to do", () => {
    expect(mapMatrix(chain(300, 250), { ends: 120 })).toEqual({
      problem: expect.stringContaining("--format csv or json"),
    });
  });
});

describe("the map as a page", () => {
  const windows: Window[] = [];
  afterEach(() => windows.splice(0).forEach((window) => window.close()));

  function open(made: MapMatrix) {
    const window = new Window({
      settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true },
    });
    windows.push(window);
    const { document } = window;
    document.write(mapHtml(made));
    const textOf = (selector: string) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
    const search = (text: string): void => {
      const input = document.querySelector("#query") as unknown as {
        value: string;
        dispatchEvent(event: unknown): void;
      };
      input.value = text;
      input.dispatchEvent(new window.Event("input"));
    };
    const pairs = () =>
      [...document.querySelectorAll("#pairs tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
    return { window, document, textOf, search, pairs };
  }

  it("loads nothing, and lets only its own style and script work", () => {
    const html = mapHtml(matrix(small));
    expect(html).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
    const sha = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect(pageScriptHash).toBe(sha(pageScript));
    expect(pageStyleHash).toBe(sha(pageStyle));
    expect(html).toContain(`default-src 'none'; style-src '${pageStyleHash}'; script-src '${pageScriptHash}'`);
  });

  it("draws the matrix and lists the pairs", () => {
    const { textOf, pairs } = open(matrix(small));
    expect(textOf("#matrix tbody th")).toEqual([
      "jobs/cron",
      "shop/db",
      "shop/web (2)",
      "outside",
      "10.0.0.0/8",
      "*.example.com",
    ]);
    expect(textOf('#matrix[role="grid"] td b')).toEqual(["443", "5432", "all", "443+2"]);
    expect(pairs()).toContainEqual(["jobs/cron", "*.example.com", "TCP 443 by name"]);
  });

  it("finds names and ports", () => {
    const { search, pairs, textOf, document } = open(matrix(small));
    search("DB");
    expect(pairs()).toEqual([["shop/web (2)", "shop/db", "TCP 5432"]]);
    expect(
      [...document.querySelectorAll("#matrix tbody tr")].filter((row) => !row.hasAttribute("hidden")),
    ).toHaveLength(1);
    search("5432");
    expect(pairs().map(([source]) => source)).toEqual(["shop/web (2)", "outside"]);
    search("nobody");
    expect([pairs(), textOf("#status")]).toEqual([[], ["Nothing that may talk matches."]]);
    search("");
    expect(pairs()).toHaveLength(4);
  });

  it("can be walked with the arrow keys, from one place that Tab reaches", () => {
    const { window, document, textOf } = open(matrix(small));
    const cell = document.querySelector('#matrix td[tabindex="0"]');
    expect(document.querySelectorAll('#matrix td[tabindex="0"]')).toHaveLength(1);
    (cell as unknown as { focus(): void }).focus();
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
    press("ArrowDown");
    press("ArrowDown");
    press("ArrowRight");
    expect(textOf("#status")).toEqual(["shop/web (2) \u2192 shop/db: TCP 5432"]);
    press("ArrowUp");
    expect(textOf("#status")).toEqual(["shop/db \u2192 shop/db: one and the same"]);
    press("End");
    expect(textOf("#status")).toEqual(["shop/db \u2192 *.example.com: nothing"]);
  });

  it("has nothing of a name but its text", () => {
    const html = mapHtml(matrix(bad));
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain("<!--");
    const { document, pairs } = open(matrix(bad));
    expect(document.querySelectorAll("a, img, iframe, link, object")).toHaveLength(0);
    expect(pairs()[0]?.[0]).toBe(printable(hostile).replace("\ud800", "\ufffd"));
  });

  it("says where it shows namespaces instead", () => {
    expect(mapHtml(matrix(chain(200, 5)))).toContain("a row is a namespace");
    expect(open(matrix(chain(200, 5))).textOf("#matrix td b")[0]).toBe("40");
  });
});

it("an empty map is a picture too", () => {
  const none = matrix({ ends: [], pairs: [], byName: [], closed: 0 });
  expect(readXml(mapSvg(none)).name).toBe("svg");
  expect(mapDot(none)).toContain("digraph");
  expect(mapHtml(none)).toContain("0 ends");
});
