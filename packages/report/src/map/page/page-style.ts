/** What the page's policy allows: the SHA-256 of `pageStyle`, which a test works out anew. */
export const pageStyleHash = "sha256-lmO0VMK8BTuRFt5eKJtTZ+UqUsJSYdGNpmjSD+rwQws=";

export const pageStyle = `
:root { color-scheme: light dark; --back: #fff; --text: #0f172a; --dim: #526077; --line: #dbe2ea; --band: #f1f5f9; --none: #e2e8f0; --some: #2563eb; --all: #b45309; --maybe: #7c3aed; --on: #fff; --focus: #0f172a }
@media (prefers-color-scheme: dark) { :root { --back: #0f172a; --text: #e2e8f0; --dim: #a3b1c4; --line: #334155; --band: #1b2740; --none: #2c3a51; --some: #3b6fe0; --all: #b45309; --focus: #fff } }
* { box-sizing: border-box }
body { margin: 0; padding: 20px 24px 48px; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
h1 { font-size: 22px; margin: 0 } h2 { font-size: 17px; margin: 32px 0 8px } p { margin: 4px 0 }
.dim { color: var(--dim) }
.bar { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; margin: 14px 0 6px }
input { font: inherit; width: min(30em, 70vw); padding: 6px 10px; border: 1px solid var(--dim); border-radius: 6px; background: var(--back); color: var(--text) }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px }
.key { display: inline-flex; align-items: center; gap: 6px; color: var(--dim) }
.key i { width: 14px; height: 14px; border-radius: 3px; display: inline-block }
.some { background: var(--some); color: var(--on) } .all { background: var(--all); color: var(--on) } .maybe { background: var(--maybe); color: var(--on) } .none { background: var(--none) }
#status { min-height: 1.5em; font-variant-numeric: tabular-nums }
.scroll { overflow: auto; max-height: 78vh; border: 1px solid var(--line); border-radius: 8px; margin-top: 8px; width: fit-content; max-width: 100% }
#matrix { border-collapse: separate; border-spacing: 0; font: 11px/1 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
#matrix th { font-weight: 400; background: var(--back); position: sticky; z-index: 1 }
#matrix thead th { top: 0; vertical-align: bottom; padding: 8px 2px; border-bottom: 1px solid var(--line) }
#matrix thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 220px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; margin: 0 auto; display: block }
#matrix tbody th { left: 0; text-align: right; padding: 0 10px; border-right: 1px solid var(--line); white-space: nowrap; max-width: 320px; overflow: hidden; text-overflow: ellipsis }
#matrix thead th:first-child { left: 0; z-index: 2; border-right: 1px solid var(--line); text-align: right; padding: 8px 10px; color: var(--dim) }
#matrix td { min-width: 38px; height: 26px; padding: 1px; text-align: center }
#matrix td b { display: flex; align-items: center; justify-content: center; height: 100%; min-height: 24px; border-radius: 3px; font-weight: 400; padding: 0 3px; white-space: nowrap }
#matrix td:not(:has(b)):not(.self)::before { content: ""; display: inline-block; width: 4px; height: 4px; background: var(--none) }
#matrix td.self { background: linear-gradient(to top right, transparent 46%, var(--line) 46%, var(--line) 54%, transparent 54%) }
#matrix .first { border-top: 1px solid var(--line) } #matrix .start { border-left: 1px solid var(--line) }
#matrix .named b { outline: 1px dashed var(--text); outline-offset: -2px }
#matrix .on { background: var(--band) }
#matrix td:focus { outline: 3px solid var(--focus); outline-offset: -2px }
#matrix.dense td { min-width: 18px; height: 18px } #matrix.dense td b { min-height: 16px; font-size: 0; padding: 0 } #matrix.dense tbody th { padding: 0 8px }
#pairs { border-collapse: collapse } #pairs th { text-align: left; color: var(--dim); font-weight: 500 }
#pairs th, #pairs td { padding: 4px 28px 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
[hidden] { display: none !important }
@media (forced-colors: active) { .some, .all, .maybe { border: 1px solid; forced-color-adjust: none } }
`;
