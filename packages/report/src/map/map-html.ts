import { type ConnectionSet, protocols, union } from "@podwall/engine";
import { wellFormed } from "../escape/well-formed.ts";
import { xmlText } from "../escape/xml-text.ts";
import { missingFactText } from "../explain/missing-facts-text.ts";
import { MissingNotes } from "../explain/missing-notes.ts";
import { printable } from "../printable.ts";
import type { MapMatrix } from "./map-matrix.ts";
import { pageScript, pageScriptHash } from "./page/page-script.ts";
import { pageStyle, pageStyleHash } from "./page/page-style.ts";
import { pairStateText } from "./pair-state.ts";
import { shortState } from "./short-connections.ts";

/**
 * One page that needs nothing else: the matrix, a search, and the pairs in words. Its policy lets nothing be loaded or sent and no
 * other script run; what is from manifests is data, which the script writes as text.
 */
export function mapHtml({ ends, cells, byNamespace, summary }: MapMatrix): string {
  const notes = new MissingNotes();
  const shownMatrix = {
    byNamespace,
    ends: ends.map(({ name, label, group, pods, open }) => ({
      name: shown(name),
      label: shown(label),
      group: shown(group),
      pods,
      open,
    })),
    cells: cells.map((cell) => {
      const { source, destination, connections, unknown, byName, pairs } = cell;
      const text = pairStateText(cell);
      const short = byNamespace ? `${pairs}` : shortState(cell);
      const ports = intervalsOf(unknown === undefined ? connections : union(connections, unknown.connections));
      return [source, destination, text, short, byName ? 1 : 0, pairs, ports, notes.placesOf(unknown?.missing ?? [])];
    }),
  };
  const data = { ...shownMatrix, missing: notes.facts.map(missingFactText).map(shown) };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${pageStyleHash}'; script-src '${pageScriptHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>podwall map</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>Who may talk to whom</h1>
<p class="dim">${xmlText(summary)}${byNamespace ? ". There are too many to show each: a row is a namespace, and a number counts pairs" : ""}</p>
<div class="bar">
<label>Find <input id="query" type="search" placeholder="a name, a port, or both: redis 6379" autocomplete="off" spellcheck="false"></label>
<span class="key"><i class="some"></i>some ports</span><span class="key"><i class="all"></i>everything</span><span class="key"><i class="none"></i>nothing</span>${notes.facts.length === 0 ? "" : '<span class="key"><i class="maybe"></i>not known, or not all of it</span>'}
</div>
<p id="status" role="status">Rows are sources, columns are destinations. Point at a cell, or walk with the arrow keys.</p>
</header>
<main>
<div class="scroll"><table id="matrix" role="grid" aria-readonly="true"><caption>Rows are sources, columns are destinations</caption></table></div>
<section aria-labelledby="pairs-title">
<h2 id="pairs-title">Pairs</h2>
<table id="pairs"><thead><tr><th scope="col">source</th><th scope="col">destination</th><th scope="col">may pass</th></tr></thead><tbody></tbody></table>
<p id="more" class="dim"></p>
</section>
<noscript><p>This page draws its table with a script of its own, which is switched off.</p></noscript>
</main>
<script type="application/json" id="data">${scriptData(data)}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function shown(text: string): string {
  return wellFormed(printable(text));
}

/** JSON in which nothing ends a script element or begins a comment. */
function scriptData(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** First and last ports, for the search. */
function intervalsOf(connections: ConnectionSet): number[] {
  return protocols.flatMap((protocol) => connections[protocol].flatMap(({ first, last }) => [first, last]));
}
