import http from "node:http";
import https from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "../error-text.ts";
import type { ListenAddress } from "../serve/listen-address.ts";
import { type FleetOptions, insecureMend } from "./fleet.ts";

export type SelfResult =
  | { readonly kind: "enforced"; readonly pod: string }
  | { readonly kind: "not in time"; readonly because: string };

const lookEveryMs = 100;
/** A pod that is not programmed yet gets no answer at all. */
const answerWithinMs = 1_000;

export interface WaitForSelfOptions extends Pick<FleetOptions, "agents"> {
  /** Where this pod's node's agent listens. */
  readonly agent: ListenAddress;
  readonly timeoutMs: number;
}

/** Waits until the agent of this pod's node says that it enforces what is written of this pod. */
export async function waitForSelf({ agent, agents, timeoutMs }: WaitForSelfOptions): Promise<SelfResult> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const left = until - performance.now();
    const withinMs = Math.max(1, Math.ceil(Math.min(answerWithinMs, left)));
    const answer = await ask(agent, agents, withinMs).catch((error: unknown) => errorText(error));
    if (typeof answer !== "string" && answer.enforced) return { kind: "enforced", pod: answer.pod };
    if (performance.now() + lookEveryMs > until)
      return { kind: "not in time", because: typeof answer === "string" ? answer : answer.because };
    await delay(lookEveryMs);
  }
}

interface Self {
  readonly pod: string;
  readonly enforced: boolean;
  readonly because: string;
}

function ask({ host, port }: ListenAddress, agents: FleetOptions["agents"], timeoutMs: number): Promise<Self> {
  const at = `the agent at ${host}:${port}`;
  // Nothing secret is sent, and the way to a pod's own node leads over nothing but that node: whose certificate it is does not matter.
  const options = { host, port, path: "/self", signal: AbortSignal.timeout(timeoutMs), rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const asked = (agents === "guarded" ? https : http).request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text = (text + chunk).slice(0, 4_096);
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`${at} says: ${text.trim()}`));
        try {
          resolve(selfOf(JSON.parse(text)));
        } catch {
          reject(new Error(`${at} is none: it answered ${JSON.stringify(text.slice(0, 80))}`));
        }
      });
    });
    asked.on("error", (error) => {
      const isLate = error.name === "AbortError" || error.name === "TimeoutError";
      if (isLate) return reject(new Error(`${at} does not answer, or this pod is closed still`));
      const isPlain = "code" in error && error.code === "EPROTO";
      reject(new Error(isPlain ? `${at} does not speak TLS; ${insecureMend}` : `${at}: ${error.message}`));
    });
    asked.end();
  });
}

function selfOf(document: { readonly [field: string]: unknown }): Self {
  const { kind, pod, enforced, because } = document;
  if (kind !== "SelfState" || typeof pod !== "string" || typeof enforced !== "boolean") throw new Error("no SelfState");
  return { pod, enforced, because: typeof because === "string" ? because : "" };
}
