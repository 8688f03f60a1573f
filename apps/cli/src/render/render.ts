import { join } from "node:path";
import type { SourceFile } from "@podwall/engine";
import { type RenderOptions, type Renderable, renderCommands } from "./renderable.ts";
import { runRenderer } from "./run-renderer.ts";

/** The manifests, or why there are none; `here` where this machine lacks the program. */
export type RenderResult =
  | { readonly files: readonly SourceFile[] }
  | { readonly problem: string; readonly why: "input" | "here" };

const timeoutMs = 120_000;
const mostBytes = 256 * 1024 * 1024;

export interface RenderContext extends RenderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Has a chart or kustomization rendered by the program that a person would use for it: no other program is run, and nothing of
 * the folder is run by podwall.
 */
export async function render(renderable: Renderable, context: RenderContext): Promise<RenderResult> {
  const commands = renderCommands(renderable, context);
  for (const { command, args } of commands) {
    const rendered = await runRenderer(command, args, { cwd: context.cwd, env: context.env, timeoutMs, mostBytes });
    if ("missing" in rendered) continue;
    if ("text" in rendered) return { files: filesOf(renderable, rendered.text) };
    return { problem: `${renderable.path}: \`${command} ${args[0]}\` failed: ${rendered.problem}`, why: "input" };
  }
  return { problem: lacking(renderable), why: "here" };
}

function lacking({ path, kind }: Renderable): string {
  const [what, programs, line] =
    kind === "chart"
      ? ["a Helm chart", "`helm`", `helm template ${path}`]
      : ["a kustomization", "`kubectl` or `kustomize`", `kubectl kustomize ${path}`];
  return `${path} is ${what}, and there is no ${programs} here to render it; install it, or pipe what it makes elsewhere: ${line} | podwall check -f -`;
}

/**
 * The text as files that are named after the templates they come from, which helm says in a comment, so that a place leads
 * there as nearly as it can.
 */
function filesOf({ path }: Renderable, text: string): SourceFile[] {
  const starts = [...text.matchAll(/^---[ \t]*\r?\n# Source: [^/\n]+\/(.+)$/gm)];
  if (starts.length === 0) return [{ name: `${path} (rendered)`, text }];
  const before = text.slice(0, starts[0]?.index);
  const parts = starts.map((start, index) => ({
    name: join(path, (start[1] ?? "").trim()),
    text: text.slice(start.index, starts[index + 1]?.index),
  }));
  const byTemplate = new Map<string, string>();
  for (const part of parts) byTemplate.set(part.name, `${byTemplate.get(part.name) ?? ""}${part.text}`);
  const files = [...byTemplate].map(([name, content]) => ({ name: `${name} (rendered)`, text: content }));
  return before.trim() === "" ? files : [{ name: `${path} (rendered)`, text: before }, ...files];
}
