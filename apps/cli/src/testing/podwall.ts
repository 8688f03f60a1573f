import { fileURLToPath } from "node:url";
import { runPodwall } from "../run-podwall.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs a command line in the checkout, in this process. */
export async function podwall(
  line: string,
  stdin = "",
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(line.split(" "), {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd: root,
    readStdin: () => Promise.resolve(stdin),
  });
  return { code, ...written };
}
